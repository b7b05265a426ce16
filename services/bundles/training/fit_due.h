#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_FIT_DUE_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_FIT_DUE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/training/candidates.h"
#include "services/bundles/training/data/progress.h"

namespace clustr::training {

// The weights under which what customers bought again in each of the last kDueWeeks weeks before
// learned.day was likeliest, if the purchases of each product by each customer are Poisson
// distributed with the mean DueWithinAWeek, told from what was bought before that week. Guests do
// not count. The scale thus makes the expected purchases of these weeks equal to the actual ones.
//
// The defaults, if fewer than kMinDuePurchases were bought again. Looks at about kMaxDueLines lines
// of customers who are evenly spread. Errors are those of `wanted`.
absl::StatusOr<products::DueWeights> FitDue(const Learned& learned, const Wanted& wanted);

inline constexpr int kDueWeeks = 8;
inline constexpr int kMinDuePurchases = 20;
inline constexpr uint64_t kMaxDueLines = 2'000'000;

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_FIT_DUE_H_
