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

// Which bundles are recommended. All bounds are hard. The defaults are those of
// v1.BundleConstraints and v1.RecommendBundlesRequest.
struct BundleQuery {
  int min_items = 2;  // At least 2.
  int max_items = 4;
  double min_support = 0.001;   // In [0, 1].
  double min_confidence = 0.1;  // Bounds the all-confidence.
  int64_t min_count = 2;
  std::optional<int64_t> min_total_price_cents;
  std::optional<int64_t> max_total_price_cents;
  std::optional<double> min_margin_ratio;  // If set, bundles with an unknown cost are left out.
  bool cross_category_only = false;        // No two products share a category; "" counts as one.
  ProductBounds products;                  // Apply to every product, including the anchors.
  std::vector<Item> anchors;               // Every bundle contains all of these.
  // The largest share of its products, in [0, 1], that a result may have in common with any earlier
  // result.
  std::optional<double> max_overlap;
  // If true, max_overlap is no bound: results that exceed it come only if there are too few others.
  // Anchors then count neither as products of a result nor as common to two, so that a bundle of
  // nothing but anchors overlaps with none. RecommendBundles and its like take max_overlap for a
  // bound in any case; SearchBundles fills up what they find.
  bool overlap_is_preference = false;
  size_t limit = 20;
  // A search that takes more steps, of about a nanosecond each, ends with RESOURCE_EXHAUSTED.
  int64_t max_steps = 500'000'000;

  bool operator==(const BundleQuery&) const = default;
};

// A long computation calls this from time to time: OK means go on; any other status ends the
// computation and becomes its result.
using Wanted = absl::FunctionRef<absl::Status()>;

inline absl::Status AlwaysWanted() { return absl::OkStatus(); }

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_QUERY_H_
