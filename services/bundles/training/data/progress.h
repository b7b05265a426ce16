#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PROGRESS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PROGRESS_H_

#include <functional>

#include "absl/status/status.h"

namespace clustr::training {

// OK while the result is still wanted, otherwise the error to stop with. Long loops call it a few
// times a second.
using Wanted = std::function<absl::Status()>;

// Is told how far the training is, `percent` from 0 to 100 and never falling.
using Progress = std::function<void(const char* phase, int percent)>;

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PROGRESS_H_
