#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_IMPORT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_IMPORT_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/exit_code.h"
#include "tools/clustrctl/flat/file/columns.h"
#include "tools/clustrctl/flat/file/day_text.h"

namespace clustr::ctl {

// The flags of `clustrctl import --flat`.
struct FlatSettings {
  std::string path;
  ColumnNames columns;
  std::optional<DayOrder> day_order;
  std::string guest = "guest";  // Code of the customer for orders that name none.
  bool validate_only = false;   // Reads and checks the file without calling any service.
};

// Imports one file of order lines: products, customers and days into catalog, then the orders that
// are not stored yet, then the returned units. Prints a report. Exit code 1 if a row was refused;
// returns that match no line are reported but do not count as failures. It may be run again, after
// any failure, and then adds what is missing.
absl::StatusOr<ExitCode> ImportFlat(const FlatSettings& settings, const Context& context);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_IMPORT_H_
