#ifndef CLUSTR_TESTS_BENCH_SERVICE_REPORT_H_
#define CLUSTR_TESTS_BENCH_SERVICE_REPORT_H_

#include <ostream>
#include <string>

#include "tools/clustrctl/print/text_table.h"

namespace clustr::bench {

// The figures of one run: a JSON line each as soon as it is known, for programs, and a table at the
// end, for people. Not thread-safe.
class Report {
 public:
  explicit Report(std::ostream* lines) : lines_(*lines) {}

  // `figure` is unique among all commands, for example `purchases.per_second`; `unit` is what a
  // reader puts behind the number. Neither holds a quote or a backslash.
  void Add(const std::string& figure, double value, const std::string& unit);

  void PrintTable(std::ostream& out) const { table_.Print(out); }

 private:
  std::ostream& lines_;
  ctl::TextTable table_{{{"FIGURE", ctl::Align::kLeft}, {"VALUE"}, {"UNIT", ctl::Align::kLeft}}};
};

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_REPORT_H_
