#ifndef CLUSTR_SERVICES_BUNDLES_TRAIN_BUNDLE_TRAINING_H_
#define CLUSTR_SERVICES_BUNDLES_TRAIN_BUNDLE_TRAINING_H_

#include <atomic>
#include <thread>

#include "absl/status/statusor.h"
#include "services/bundles/training/bundles/train_bundles.h"
#include "services/bundles/training/train_products.h"

namespace clustr::bundles {

// Trains the model of bundles on a thread of its own, with the priority of the caller, while that
// one trains the model of products. One training of bundles has one thread, and what it learns does
// not depend on the other. Not thread-safe; borrows what it is given, `wanted` to be asked on both
// threads.
class BundleTraining {
 public:
  // Begins, with the split of TrainProducts for the same arguments.
  BundleTraining(const training::Purchases& purchases, const training::TrainingOptions& options,
                 const training::Wanted& wanted);
  // If the result was not asked for, the training is given up; this waits for that.
  ~BundleTraining();
  BundleTraining(const BundleTraining&) = delete;
  BundleTraining& operator=(const BundleTraining&) = delete;

  // Waits for the end, and returns what TrainBundles does. To be called once.
  absl::StatusOr<training::TrainedBundles> Finish();

 private:
  std::atomic<bool> given_up_ = false;
  absl::StatusOr<training::TrainedBundles> trained_;
  std::thread thread_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_TRAIN_BUNDLE_TRAINING_H_
