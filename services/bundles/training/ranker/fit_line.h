#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_FIT_LINE_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_FIT_LINE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/training/data/progress.h"

namespace clustr::training {

// Lists of products, each with its features and whether it was bought.
struct LineRows {
  size_t feature_count = 0;
  std::vector<float> features;  // feature_count for each row.
  std::vector<uint8_t> bought;  // 1 or 0.
  std::vector<uint32_t> begins = {
      0};  // Of each list, which has rows with either number, and the end.

  size_t list_count() const { return begins.size() - 1; }
};

// Fewer lists than this teach no line.
inline constexpr size_t kMinLineLists = 100;
// Weighs the squares of the weights, each multiplied by the deviation of its feature.
inline constexpr double kLineRegularisation = 30;

// Fits the weights of a line to the order of lists. With the shares p = exp(sum of weights *
// features), divided by its total over the list, they minimise the sum over the lists of
//   - (the mean of ln(p) over what was bought) / 2 - ln(the total of p over what was bought) / 2
// and kLineRegularisation / 2 * the sum of (weight * deviation)^2, where the deviation is that of
// the feature over all rows. The first half asks for everything that was bought, the second for
// something of it at the top.
//
// Empty if `parts` have fewer than kMinLineLists lists in all. Deterministic; one thread. O(rows *
// features^2) for each of at most 50 steps. Errors are those of `wanted`, which is asked
// every 64 lists.
absl::StatusOr<std::vector<float>> FitLine(absl::Span<const LineRows> parts, const Wanted& wanted);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_FIT_LINE_H_
