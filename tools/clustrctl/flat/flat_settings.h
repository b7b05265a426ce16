#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_SETTINGS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_SETTINGS_H_

#include <string>

#include "tools/clustrctl/flat/file/file_settings.h"

namespace clustr::ctl {

// The flags of `clustrctl import --flat`.
struct FlatSettings {
  std::string path;
  FileSettings file;
  std::string guest = "guest";  // Code of the customer for orders that name none.
  bool replace = false;         // Stored orders become as the file has them.
  bool new_returns = false;     // No return of the file is registered yet.
  bool validate_only = false;   // Shows a profile of the file, and changes nothing.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_SETTINGS_H_
