#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_MODEL_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_MODEL_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/bundles/products/product_links.h"
#include "services/bundles/products/ranker/ranker.h"

namespace clustr::products {

// The numbers of a TaskModel that are not links.
struct TaskWeights {
  double own = 0;
  double own_exponent = 1;
  double own_half_life_days = 0;  // A purchase counts half after so many days; 0: always fully.
  double similar = 0;
  double popular = 0;
  double common = 0;
  double recent_exponent = 0;
  double count_exponent = 0;
  double again_exponent = 0;

  bool operator==(const TaskWeights&) const = default;
};

// How the products are scored for one task. With
//   links(p)   = the sum (or the maximum) of the basket_links from the basket's products to p,
//   factor(p)  = (recent(p) + 1)^recent_exponent / (count(p) + 5)^count_exponent,
//   own(p)     = weights.own * (how often the customer bought p, decayed)^own_exponent * factor(p)
//                * again(p)^again_exponent,
//   peak       = the largest own(p) if the basket is empty and it is above 0, otherwise 1,
//   similar(p) = the sum of the history_links from the customer's products to p, divided by the
//                largest such sum,
//   popular(p) = recent(p) divided by the largest recent,
//   common(p)  = count(p) divided by the largest count,
// the score of p is
//   links(p) * factor(p) + own(p) + peak * (weights.similar * similar(p) +
//                                           weights.popular * popular(p) +
//                                           weights.common * common(p)).
// If there is a ranker, its trees order the kRankedProducts products with the highest scores above
// 0 that are not in the basket: with the features of kRankerFeatures, the score of such a product
// is the estimate 1 / (1 + exp(-sum of the trees)). Other scores above 0 are then multiplied by the
// lowest estimate divided by the lowest score that was ranked, so they stay below and in order. If
// the ranker has a line, it does the same if there is a history, with the features of
// kLineFeatures; the estimate is then exp(sum of weights * features), divided by the total of
// these: the share of the product in what the customer buys next.
struct TaskModel {
  ProductLinks basket_links;
  bool takes_maximum = false;  // Of the links, instead of their sum.
  ProductLinks history_links;
  TaskWeights weights;
  std::optional<Ranker> ranker;

  bool operator==(const TaskModel&) const = default;
};

// How many purchases are expected of what a customer has bought before; see DueWithinAWeek. The
// defaults are those of models that did not learn them.
struct DueWeights {
  double usual_gap_days = 60;  // Above 0.
  double scale = 1;            // At least 0.
  double exponent = 1;         // At least 0.

  bool operator==(const DueWeights&) const = default;
};

// A trained model that recommends products. Plain data; ValidateModel says what holds.
struct ProductModel {
  std::vector<int64_t> skus;     // Ascending. The index is the ProductNumber.
  std::vector<uint32_t> counts;  // Number of baskets that held each product.
  std::vector<float> recent;     // The same, but each basket counts half after 14 days.
  // How probably a basket holds the product if its customer bought the product before; above 0 and
  // at most 1. Empty if no task has an again_exponent.
  std::vector<float> again;
  int32_t reference_day = 0;     // The day after the last basket of the training data.
  // A customer with at least this many baskets is no person (but, for example, the till), and has
  // no history.
  uint32_t guest_baskets = UINT32_MAX;
  TaskModel completion;   // What goes with this basket?
  TaskModel next_basket;  // What will this customer buy next?
  DueWeights due;         // What does this customer need again?

  bool operator==(const ProductModel&) const = default;
};

// True if a task needs ProductModel::again.
bool UsesAgain(const ProductModel& model);

// True if the arrays have one element per product (`again` only if it is used), SKUs ascend
// strictly, links lead to products of the model, and all numbers are finite. Whatever a file holds,
// a valid model can be served.
bool ValidateModel(const ProductModel& model);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_MODEL_H_
