#include "services/bundles/train/bundle_training.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"

namespace clustr::bundles {

BundleTraining::BundleTraining(const training::Purchases& purchases,
                               const training::TrainingOptions& options,
                               const training::Wanted& wanted)
    : thread_([&purchases, split_day = options.split_day, &wanted, this] {
        if (purchases.size() == 0) return;  // TrainProducts says so.
        const int32_t split =
            split_day.value_or(training::LastFifth(purchases.days.front(), purchases.days.back()));
        trained_ = training::TrainBundles(
            purchases, training::LastFifth(purchases.days.front(), split - 1), split, {},
            [&]() -> absl::Status {
              return given_up_ ? absl::CancelledError("nobody waits") : wanted();
            });
      }) {}

BundleTraining::~BundleTraining() {
  given_up_ = true;
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<training::TrainedBundles> BundleTraining::Finish() {
  thread_.join();
  return std::move(trained_);
}

}  // namespace clustr::bundles
