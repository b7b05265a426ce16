#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_REPORT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "clustr/common/v1/import.pb.h"
#include "google/protobuf/struct.pb.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/line_numbers.h"
#include "tools/clustrctl/flat/book/refusals.h"

namespace clustr::ctl {

// The result of a flat import: counts for each kind of row and for the file as a whole.
struct FlatReport {
  struct Counts {
    std::string kind;
    int64_t created = 0;
    int64_t updated = 0;
    int64_t unchanged = 0;
  };
  std::vector<Counts> kinds;
  int64_t rows = 0;                // Rows of the file.
  int64_t refused_by_catalog = 0;  // Products, customers and days that catalog refused.
  // The fate of the rows: rows = stored + unchanged + returned + unmatched + refused + skipped.
  int64_t stored = 0;              // Rows that became lines, or changed one.
  int64_t unchanged = 0;           // Rows whose lines were stored before.
  int64_t returned = 0;            // Rows that are returns, and were matched.
  int64_t skipped = 0;             // Rows that do not fit --where, totals, and the like.
  int64_t extra_lines = 0;         // Stored lines that the file lacks and that were kept.
  int64_t removed_lines = 0;       // Stored lines that the file lacks and that were removed.
  std::vector<std::string> notes;  // What the user should know about the file.
  int64_t catalog_revision = 0;
  double seconds = 0;

  // Adds the counts of a kind that was imported into catalog.
  void Add(std::string kind, const common::v1::ImportSummary& summary);
};

// Sets a list of rows such as {"row": 7, "violations": [{"field": "price", "description": "..."}]}.
void SetRows(const std::string& name, const Refusals& rows, google::protobuf::Struct* object);

// Prints rows to stderr: the first 100 with their violations, the others as a number of rows that
// `fate`, for example `were refused`.
// A row that does not stand on the line with the number behind its own is printed with its line.
void PrintRows(const std::string& file, const Refusals& rows, const LineNumbers& lines,
               const std::string& fate, const Context& context);

// Prints the report to stdout: as a table, or as one JSON object that includes the rows.
void PrintReport(const FlatReport& report, const Refusals& refused, const Refusals& unmatched,
                 const Context& context);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_REPORT_H_
