#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_LINE_ROWS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_LINE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/training/data/progress.h"
#include "services/bundles/training/data/purchases.h"
#include "services/bundles/training/learned.h"
#include "services/bundles/training/ranker/fit_line.h"

namespace clustr::training {

// Some days whose next baskets a line learns from, told from what lies before them.
struct LineWindow {
  int32_t first_day = 0;
  int32_t end_day = 0;  // The day after the last.

  bool operator==(const LineWindow&) const = default;
};

// At most so many windows, each with at most so many next baskets.
inline constexpr size_t kLineWindows = 6;
inline constexpr size_t kLineCases = 800;

// The windows that end with the days before `split_day`: each three quarters as long as the inner
// period, which begins on `inner_day`, the newest first, each half such a period before the next.
// Each has at least a fifth of the days from first_day to split_day before it. None depends on what
// was bought.
std::vector<LineWindow> LineWindowsOf(int32_t first_day, int32_t inner_day, int32_t split_day);

// The weights of the formula that chooses what a line ranks, and orders the rest: own frequency, by
// what sells now and what is bought again, with similar customers. The same for every shop.
products::TaskWeights LineWeights();

// The rows of the next baskets in each of `windows`, in their order: of each customer, the products
// that a task with LineWeights and the links of customers ranks. A basket without any of them is
// left out. Up to `threads` threads, whose number changes nothing, share the baskets of one window
// after the other; it takes the memory of `Learned` and of the links, and 13 KB for each basket. To
// bound the time, links are learned from evenly spread customers with about kLinePairs pairs of
// products. Errors are those of `wanted`, which is asked on this thread alone.
absl::StatusOr<std::vector<LineRows>> NextBasketRows(const Purchases& purchases,
                                                     const std::vector<LineWindow>& windows,
                                                     const TrainingLimits& limits, uint64_t seed,
                                                     size_t threads, const Wanted& wanted);

inline constexpr uint64_t kLinePairs = 200'000'000;

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_LINE_ROWS_H_
