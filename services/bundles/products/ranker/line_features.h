#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_LINE_FEATURES_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_LINE_FEATURES_H_

#include <cstddef>
#include <iterator>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/products/ranker/feature_table.h"

namespace clustr::products {

// What the line of a Ranker weighs, in the order of the columns. Told from kRankerFeatures, where
// n, r45, r15 and d are own_purchases, own_recent, own_newest and own_days_since_last, N and D are
// customer_baskets and customer_days, and `again` is that of ProductModel (1 if the model has
// none). Those that begin with `own_` are 0 if the customer never bought the product.
inline constexpr const char* kLineFeatures[] = {
    "own_bought",             // 1.
    "own_log_purchases",      // ln(n).
    "own_root_purchases",     // sqrt(n).
    "own_log_recent",         // ln(r45 + 0.05).
    "own_log_newest",         // ln(r15 + 0.02).
    "own_log_days",           // ln(d + 1).
    "own_in_last_basket",     // 1 if d = D, otherwise 0.
    "own_log_days_skipped",   // ln(d - D + 1).
    "own_log_baskets",        // ln(N).
    "own_purchases_baskets",  // ln(n) * ln(N).
    "own_log_products",       // ln(customer_products).
    "own_log_again",          // ln(again).
    "own_purchases_again",    // ln(n) * ln(again).
    "own_once",               // 1 if n = 1, otherwise 0.
    "own_due",                // ln((d + 1) / (own_interval + 1)); 0 if there is no interval.
    "own_due_squared",        // The square of that.
    "line_log_recent",        // log_recent.
    "own_log_sales",          // log_recent.
    "log_similar",            // ln(s + 0.01), where s is history_customers / its highest.
    "own_log_similar",        // The same.
    "similar",                // s; 0 if the highest is 0.
    "log_task_share",         // ln(task_share + 0.001).
};
inline constexpr size_t kLineFeatureCount = std::size(kLineFeatures);

// Tells the features of a line. Immutable and thread-safe; borrows nothing.
class LineMaker {
 public:
  // O(products).
  explicit LineMaker(const ProductModel& model);

  // Sets `line` to one row for each of `candidates`, of which `table` has kRankerFeatures, told
  // with a history. O(candidates).
  void Make(absl::Span<const ProductNumber> candidates, const FeatureTable& table,
            FeatureTable* line) const;

 private:
  std::vector<float> log_again_;  // By product; empty: 0.
};

// The sums of weights * features, one for each row. `weights` has kLineFeatureCount numbers.
void SumLine(absl::Span<const float> weights, const FeatureTable& line, std::vector<float>* sums);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_LINE_FEATURES_H_
