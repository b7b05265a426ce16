#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_CANDIDATES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_CANDIDATES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/training/data/product_sets.h"
#include "services/bundles/training/data/product_totals.h"
#include "services/bundles/training/data/progress.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

// The name of the candidate whose parameters are tuned.
inline constexpr char kBlend[] = "blend";
// The name of the candidate that is the blend with trees that order its best products anew.
inline constexpr char kRanker[] = "ranker";
// The name of the candidate for next baskets that cannot serve (see Candidate::history_is_basket).
inline constexpr char kHeuristicHistory[] = "heuristic_v0";

// What is chosen by validation.
struct Settings {
  double plain_regularisation = 60;  // Of the plain linear model (baseline `ease`).
  double regularisation = 30;        // Of the linear model of the blend.
  double size_exponent = 0.5;        // Of the same; see LinearOptions. 0: like `ease`.
  double cosine_scale = 0;           // See WithCosine.
  products::TaskWeights completion;
  products::TaskWeights next_basket;
  products::BoostedTrees completion_trees;  // Empty: there is no ranker of the task.
};

// Limits on what a training may use.
struct TrainingLimits {
  size_t max_linear_products = 8'000;  // Memory: 4 * products^2 bytes.
  size_t max_links = 256;              // Links kept for each product.
};

// A prefix of the purchases, counted.
struct Learned {
  Learned(const Purchases& purchases, size_t end, int32_t day);

  const Purchases& purchases;
  const size_t end;   // Number of baskets that are learned from.
  const int32_t day;  // From which ages count.
  CustomerHistories histories;
  uint32_t guest_baskets;
  ProductTotals totals;
  ProductSets baskets;
  ProductSets customers;
  std::vector<products::ProductTimes> times;
};

// One way to score products.
struct Candidate {
  std::string name;
  products::TaskModel task;
  // If true, it is measured for next baskets with the history as its basket, which serving does not
  // do; it can be a baseline but no champion.
  bool history_is_basket = false;
};

// The candidates of each task, the simplest first; the last ones are the blend of `settings` and, if
// they have trees for the task, the ranker.
// Errors are those of `wanted`.
absl::StatusOr<std::vector<Candidate>> CompletionCandidates(const Learned& learned,
                                                            const Settings& settings,
                                                            const TrainingLimits& limits,
                                                            const Wanted& wanted);
absl::StatusOr<std::vector<Candidate>> NextBasketCandidates(const Learned& learned,
                                                            const Settings& settings,
                                                            const TrainingLimits& limits,
                                                            const Wanted& wanted);

// The one candidate called `name`.
absl::StatusOr<Candidate> FitCompletion(const Learned& learned, const std::string& name,
                                        const Settings& settings, const TrainingLimits& limits,
                                        const Wanted& wanted);
absl::StatusOr<Candidate> FitNextBasket(const Learned& learned, const std::string& name,
                                        const Settings& settings, const TrainingLimits& limits,
                                        const Wanted& wanted);

// A model without links: the products, their totals and the guests.
products::ProductModel FrameOf(const Learned& learned);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_CANDIDATES_H_
