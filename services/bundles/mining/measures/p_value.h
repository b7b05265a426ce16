#ifndef CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_P_VALUE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_P_VALUE_H_

#include "services/bundles/mining/measures/measures.h"

namespace clustr::mining {

// A probability and its natural logarithm, which still ranks rules if the value underflows to 0.
struct PValue {
  double value = 1;
  double log = 0;
};

// One-sided Fisher exact test of A => C (Fisher 1935; for rules Hahsler and Hornik 2007): P(X >=
// count_ab), where the hypergeometric X is the number of baskets with both sides if count_a and
// count_b of basket_count baskets were drawn independently. In (0, 1]: small if A and C occur
// together more often than by chance, 1 if they cannot occur together less often, for example
// without baskets. The relative error of the value is at most 1e-6 (measured: near 1e-11) for
// basket counts up to 2^53. The cost is a few standard deviations of X, below 0.1 ms with ten
// million baskets. Has the requirements of RuleCounts.
PValue FisherPValue(const RuleCounts& counts);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_P_VALUE_H_
