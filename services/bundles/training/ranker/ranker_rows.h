#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_RANKER_ROWS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_RANKER_ROWS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/training/data/progress.h"
#include "services/bundles/training/evaluation.h"
#include "services/bundles/training/ranker/fit_trees.h"

namespace clustr::training {

// Of each basket, so many products are hidden, one after the other; fewer, but at least one, if that
// would hide more than kMaxHidden in all.
inline constexpr size_t kHiddenPerBasket = 8;
inline constexpr size_t kMaxHidden = 20'000;
// Of the ranked products, the first so many are rows, and one in kOthersPerRow of the others, which
// then weighs as much as these.
inline constexpr size_t kAlwaysRows = 20;
inline constexpr size_t kOthersPerRow = 8;

// What the trees of a ranker for the task `task` are fitted to: of the baskets of the completion
// cases of `period`, products are hidden, chosen by `seed`, and the products are ranked by `task`,
// once with and once without the customer. A row is a ranked product, its label 1 if it was the
// hidden one. A hidden product that is not among those ranked teaches nothing. `task` must have a
// ranker, whose trees are not used, and be one of `model`, which numbers the products like the
// cases do. About 8 KB for each hidden product. Errors are those of `wanted`.
absl::StatusOr<TreeRows> CompletionRows(const products::ProductModel& model,
                                        const products::TaskModel& task, const TestPeriod& period,
                                        uint64_t seed, const Wanted& wanted);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_RANKER_ROWS_H_
