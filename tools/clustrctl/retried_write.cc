#include "tools/clustrctl/retried_write.h"

#include <random>

#include "absl/strings/str_format.h"

namespace clustr::ctl {

std::string NewRequestId() {
  std::random_device device;
  return absl::StrFormat("clustrctl-%08x%08x%08x%08x", device(), device(), device(), device());
}

}  // namespace clustr::ctl
