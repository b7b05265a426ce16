#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_PARTS_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_PARTS_H_

#include <vector>

#include "services/bundles/products/product_model.h"
#include "services/bundles/products/product_scorer.h"

namespace clustr::products {

// The names of the features, in the order in which parts are given.
inline constexpr const char* kProductFeatures[] = {
    "basket_links", "own_purchases", "similar_customers", "recent_popularity", "popularity"};

// Of a product that a ranker ranked, the parts are instead one for each of kRankerFeatures, in their
// order, by which it adds to the sum of the trees (TreeShares), then kTreesBase, the sum without any
// feature, and kTreesEstimate, which turns the sum into the score: value is the sum.
inline constexpr char kTreesBase[] = "trees_base";
inline constexpr char kTreesEstimate[] = "trees_estimate";

// Of a product that a line ranked, they are one for each of kLineFeatures, in their order, by which
// it adds to the sum of the line, and then kLineEstimate, which turns the sum into the score: value
// is the sum.
inline constexpr char kLineEstimate[] = "line_estimate";

// One part of the score of a product.
struct TaskPart {
  const char* feature;  // One of kProductFeatures; with a ranker, also of the others above.
  ProductNumber from;   // The product of the evidence that it is about; UINT32_MAX if none.
  double value;         // See v1.ProductScorePart.
  double contribution;
};

// The parts of the score that ProductScorer gives to `product`, in double precision, without those
// that are 0: in the order of the features, and of one feature the largest amount first. They add
// up to that score but for the rounding of single precision. With a ranker, the parts of a product
// that it did not rank are those of the formula times Ranking::rest_factor. O(links of the evidence
// + products), and with a ranker also that of ranking and of TreeShares.
std::vector<TaskPart> PartsOf(const ProductModel& model, const TaskModel& task,
                              const Evidence& evidence, ProductNumber product);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_PARTS_H_
