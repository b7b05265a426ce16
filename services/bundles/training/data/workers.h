#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_WORKERS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_WORKERS_H_

#include <cstddef>
#include <functional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "services/bundles/training/data/progress.h"

namespace clustr::training {

// Calls work(part, worker) once for each part from 0 to `parts` - 1, on up to `threads` threads, of
// which one is the caller's; the others have its priority. `worker` is the number of the thread,
// below `threads`. Which thread does which part differs from run to run, so results must not
// depend on it. `work` must be safe to call at the same time for different parts and workers.
//
// `wanted` is asked on the caller's thread, before each part that it does and at the end. Once that
// fails, no further part begins; the error is returned after all threads have ended.
absl::Status ForEachPart(size_t parts, size_t threads, const Wanted& wanted,
                         absl::FunctionRef<void(size_t part, size_t worker)> work);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_WORKERS_H_
