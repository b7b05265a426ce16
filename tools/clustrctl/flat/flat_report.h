#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_REPORT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "clustr/common/v1/import.pb.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/file/refusals.h"

namespace clustr::ctl {

// What became of a flat import, kind by kind; refused and unmatched rows are those of the file.
struct FlatReport {
  struct Counts {
    std::string kind;
    int64_t created = 0;
    int64_t updated = 0;
    int64_t unchanged = 0;
  };
  std::vector<Counts> kinds;
  int64_t rows = 0;
  int64_t refused_by_catalog = 0;  // Products, customers and days.
  int64_t extra_lines = 0;         // Stored lines that the file lacks.
  int64_t catalog_revision = 0;
  double seconds = 0;

  void Add(std::string kind, const common::v1::ImportSummary& summary);
};

// Prints rows on stderr: the first 100 in words, the rest as a number of those that `fate`, for
// example `were refused`.
void PrintRows(const std::string& file, const Refusals& rows, const std::string& fate,
               const Context& context);

// Prints the report on stdout: a table, or one JSON object with the rows in it.
void PrintReport(const FlatReport& report, const Refusals& refused, const Refusals& unmatched,
                 const Context& context);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_REPORT_H_
