#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_COSINE_LINKS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_COSINE_LINKS_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "services/bundles/training/data/product_sets.h"
#include "services/bundles/training/data/progress.h"

namespace clustr::training {

// Item-based nearest neighbours. With w(s) = 1 / size(s)^size_exponent for each set s and
// together(a, b) = the sum of w over the sets that hold both a and b, the link between a and b
// weighs together(a, b) / sqrt(together(a, a) * together(b, b)). Keeps the `max_links` strongest of
// each product. O(sum of the squared sizes). Stops with the error of `wanted`.
absl::StatusOr<products::ProductLinks> CosineLinks(const ProductSets& sets, size_t product_count,
                                                   double size_exponent, size_t max_links,
                                                   const Wanted& wanted);

// The links from a to b weigh the confidence of a => b: the share of the sets with a that also hold
// b; or its lift, which is the confidence divided by the share of b among all sets. Otherwise like
// CosineLinks.
enum class RuleMeasure { kConfidence, kLift };
absl::StatusOr<products::ProductLinks> RuleLinks(const ProductSets& sets, size_t product_count,
                                                 RuleMeasure measure, size_t max_links,
                                                 const Wanted& wanted);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_COSINE_LINKS_H_
