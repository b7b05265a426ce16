#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_QUERY_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/scoring/product_filter.h"

namespace clustr::scoring {

// Bounds on the bundles that are recommended, all of them hard.
struct BundleQuery {
  int min_items = 2;  // At least 2.
  int max_items = 4;
  double min_support = 0.001;   // In [0, 1].
  double min_confidence = 0.1;  // All-confidence.
  int64_t min_count = 2;
  std::optional<int64_t> min_total_price_cents;
  std::optional<int64_t> max_total_price_cents;
  std::optional<double> min_margin_ratio;  // Leaves out bundles with an unknown cost.
  bool cross_category_only = false;        // No two products of one category; "" is one, too.
  ProductBounds products;                  // Of each product, the anchors too.
  std::vector<Item> anchors;               // Every bundle contains all of these.
  // Largest share of its products, in [0, 1], that a result has in common with any earlier one.
  std::optional<double> max_overlap;
  size_t limit = 20;
  // A search that meets more bundles than this within the bounds ends with RESOURCE_EXHAUSTED.
  int64_t max_candidates = 50'000'000;

  bool operator==(const BundleQuery&) const = default;
};

// Asked now and then by what takes long: OK to go on, anything else ends it and is its result.
using Wanted = absl::FunctionRef<absl::Status()>;

inline absl::Status AlwaysWanted() { return absl::OkStatus(); }

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_QUERY_H_
