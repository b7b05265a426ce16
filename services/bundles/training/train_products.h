#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_TRAIN_PRODUCTS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_TRAIN_PRODUCTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/training/candidates.h"
#include "services/bundles/training/data/progress.h"
#include "services/bundles/training/data/purchases.h"
#include "services/bundles/training/ranking_measures.h"

namespace clustr::training {

struct TrainingOptions {
  // The first day of the evaluation period. Unset: the last fifth of the days is evaluated.
  std::optional<int32_t> split_day;
  // Chooses which product of a test basket is hidden. The same purchases and seed give the same
  // model.
  uint64_t seed = 0;
  TrainingLimits limits;
  size_t max_cases = 4'000;  // Of each kind and period.
  // How many threads measure, at least 1. Their number changes nothing but the time.
  size_t threads = 1;
};

// A candidate and how it did on the evaluation period.
struct MeasuredCandidate {
  std::string name;
  RankingMeasures measures;
  RankingMeasures anonymous;  // Of completion, as if every customer were unknown; otherwise empty.
};

struct TaskResult {
  std::string champion;                       // The candidate that the model serves.
  std::vector<MeasuredCandidate> candidates;  // The simplest first.
  size_t case_count = 0;                      // If it is 0, nothing was measured.
};

struct TrainedProducts {
  products::ProductModel model;  // Learned from all purchases.
  int32_t split_day = 0;
  Settings settings;
  TaskResult completion;   // The champion was chosen by the sum of NDCG and anonymous NDCG.
  TaskResult next_basket;  // The champion was chosen by RankingMeasures::quality.
};

// Minimum number of baskets before and after the split.
inline constexpr size_t kMinBasketsBefore = 40;
inline constexpr size_t kMinBasketsAfter = 10;

// Trains in three steps. The inner period is the last fifth of the days before the split: there the
// blends are tuned, and a champion for each task is chosen (ChooseChampion), with models of what
// lies before it; for the choice, the weights of a blend are tuned on one half of the cases and
// measured on the other, both ways, and the line is fitted to earlier days (LineWindowsOf) alone;
// afterwards it is fitted to all days before the split. Then all candidates are measured on the
// evaluation period, with models of all days before the split. Last, the champions are learned from
// all purchases. So nothing after the split influences what is measured, or the choice.
//
// FAILED_PRECONDITION, with a message for users, if there are too few baskets on a side of the
// split. Otherwise errors are those of `wanted`, which is asked on this thread alone. See
// LinearLinks for time and memory.
absl::StatusOr<TrainedProducts> TrainProducts(const Purchases& purchases,
                                              const TrainingOptions& options, const Wanted& wanted,
                                              const Progress& progress);

// The model of the named candidates, learned from `learned`. Errors are those of `wanted`.
absl::StatusOr<products::ProductModel> FitModel(const Learned& learned,
                                                const std::string& completion,
                                                const std::string& next_basket,
                                                const Settings& settings,
                                                const TrainingLimits& limits, const Wanted& wanted);

// The first day of the last fifth of the days from first_day to last_day.
int32_t LastFifth(int32_t first_day, int32_t last_day);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_TRAIN_PRODUCTS_H_
