#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_IMPORT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_IMPORT_H_

#include "absl/status/statusor.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/exit_code.h"
#include "tools/clustrctl/flat/flat_settings.h"

namespace clustr::ctl {

// Imports one file of order lines: products, customers and days into catalog, then the orders that
// are not stored yet, then the returned units. Prints a report. Exit code 1 if a row was refused,
// or --where leaves no row; returns that match no line are reported but do not count as failures.
// It may be run again, after any failure, and then adds what is missing. With
// FlatSettings::validate_only, prints what is in the file and what an import would do, and changes
// nothing.
absl::StatusOr<ExitCode> ImportFlat(const FlatSettings& settings, const Context& context);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_IMPORT_H_
