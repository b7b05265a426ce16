#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKER_FEATURES_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKER_FEATURES_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/products/ranker/feature_table.h"
#include "services/bundles/products/ranker/own_record.h"

namespace clustr::products {

// What the trees of a Ranker see of a product, in the order of the columns. NaN where there is
// nothing to tell: what is about the basket without a basket, about the customer's purchases
// without a history, and about those of the product if the customer never bought it.
inline constexpr const char* kRankerFeatures[] = {
    "task_score",           // The score of the task's formula.
    "task_share",           // The same, divided by the highest of all products.
    "sum_of_links",         // The sum of the links from the products of the basket.
    "strongest_link",       // The highest of them; at least 0.
    "sum_of_confidences",   // The sum of the confidences from the products of the basket.
    "highest_confidence",   // The highest of them; at least 0.
    "confident_share",      // Share of the basket's products that have such a link.
    "basket_customers",     // The sum of the history links from the products of the basket.
    "log_popularity",       // ln(baskets with the product + 1).
    "log_recent",           // ln(the same, each counting half after 14 days, + 1).
    "trend",                // ln((recent + 1) / (all + 5)).
    "days_since_first",     // Since its first basket.
    "days_since_last",      // Since its last basket.
    "own_purchases",        // The customer's baskets with the product; 0 if never bought.
    "own_recent",           // Each counting half after 45 days.
    "own_newest",           // After 15 days.
    "own_days_since_last",  // Since the last of them.
    "own_interval",         // Mean days between them, if there are two or more.
    "own_share",            // Their share of the customer's baskets.
    "customer_baskets",     // Number of the customer's baskets.
    "history_customers",    // The sum of the history links from what the customer bought.
    "basket_size",          // Products in the basket.
    "basket_popularity",    // Mean of ln(baskets + 1) of the products in the basket.
    "basket_distance",      // log2(smallest distance of the SKU to one in the basket + 1).
    "customer_days",        // Days since the customer's last basket.
    "customer_products",    // Different products that the customer bought.
    "history_distance",     // log2(smallest distance of the SKU to another one bought + 1).
};
inline constexpr size_t kRankerFeatureCount = std::size(kRankerFeatures);

// The columns, in the order of kRankerFeatures.
enum RankerColumn : size_t {
  kTaskScore,
  kTaskShare,
  kSumOfLinks,
  kStrongestLink,
  kSumOfConfidences,
  kHighestConfidence,
  kConfidentShare,
  kBasketCustomers,
  kLogPopularity,
  kLogRecent,
  kTrend,
  kDaysSinceFirst,
  kDaysSinceLast,
  kOwnPurchases,
  kOwnRecent,
  kOwnNewest,
  kOwnDaysSinceLast,
  kOwnInterval,
  kOwnShare,
  kCustomerBaskets,
  kHistoryCustomers,
  kBasketSize,
  kBasketPopularity,
  kBasketDistance,
  kCustomerDays,
  kCustomerProducts,
  kHistoryDistance,
  kRankerColumns
};
static_assert(kRankerColumns == kRankerFeatureCount);

// What is known of the case whose products are ranked. Borrows.
struct RankedCase {
  absl::Span<const ProductNumber> basket;      // Ascending and distinct.
  const OwnHistory& history;                   // Empty for a guest and an unknown customer.
  absl::Span<const float> scores;              // Of the task's formula, for all products.
  absl::Span<const ProductNumber> candidates;  // Those whose features are wanted.
};

// Tells the features of products for one task. Immutable and thread-safe; borrows what it is made
// from, and keeps what is the same in all cases: 20 bytes per product.
class FeatureMaker {
 public:
  // `task` must have a ranker and be one of `model`. O(products).
  FeatureMaker(const ProductModel& model, const TaskModel& task);

  // Memory that is reused between calls.
  struct Scratch {
    std::vector<uint32_t> rows;  // By product: its row, or one behind the last.
    std::vector<int64_t> basket_skus, own_skus;
  };

  // Sets `table` to one row for each candidate. O(links of the evidence + products + candidates *
  // log(evidence)).
  void Make(const RankedCase& ranked, Scratch* scratch, FeatureTable* table) const;

 private:
  void AddBasket(const RankedCase& ranked, Scratch* scratch, FeatureTable* table) const;
  void AddHistory(const RankedCase& ranked, Scratch* scratch, FeatureTable* table) const;
  void AddProducts(const RankedCase& ranked, FeatureTable* table) const;

  const ProductModel& model_;
  const TaskModel& task_;
  // By product: the features of these names.
  std::vector<float> log_popularity_, log_recent_, trend_, days_since_first_, days_since_last_;
};

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKER_FEATURES_H_
