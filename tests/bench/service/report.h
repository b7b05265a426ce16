#ifndef CLUSTR_TESTS_BENCH_SERVICE_REPORT_H_
#define CLUSTR_TESTS_BENCH_SERVICE_REPORT_H_

#include <ostream>
#include <string>

#include "tools/clustrctl/print/text_table.h"

namespace clustr::bench {

// The figures of one run: one JSON line per figure as soon as it is known, for programs, and a
// table at the end, for people. Not thread-safe.
class Report {
 public:
  explicit Report(std::ostream* lines) : lines_(*lines) {}

  // `figure` is unique among all commands, for example `purchases.per_second`; `unit` is printed
  // after the number. Neither may contain a quote or a backslash.
  void Add(const std::string& figure, double value, const std::string& unit);

  void PrintTable(std::ostream& out) const { table_.Print(out, 0); }

 private:
  std::ostream& lines_;
  ctl::TextTable table_{{{"FIGURE", ctl::Align::kLeft}, {"VALUE"}, {"UNIT", ctl::Align::kLeft}}};
};

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_REPORT_H_
