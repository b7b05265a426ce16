#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_FILTER_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_FILTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::scoring {

using mining::Item;

// Bounds on each recommended product. It must also be known to catalog.
struct ProductBounds {
  bool in_stock_only = true;
  std::vector<std::string> categories = {};  // Empty allows any; "" stands for unset.
  std::vector<std::string> brands = {};      // Likewise.
  std::vector<Item> excluded = {};
  std::vector<Item> purchased = {};  // Left out because the customer has them already.

  bool operator==(const ProductBounds&) const = default;
};

// ProductBounds, prepared for fast look-ups. Thread-safe.
class ProductFilter {
 public:
  explicit ProductFilter(const ProductBounds& bounds);

  // True if the product is within the bounds and catalog knows it.
  bool Allows(const index::Snapshot& snapshot, Item item) const;
  // The result of Allows for every Item, as 0 or 1.
  std::vector<uint8_t> AllowedItems(const index::Snapshot& snapshot) const;

 private:
  const bool in_stock_only_;
  const absl::flat_hash_set<std::string> categories_;
  const absl::flat_hash_set<std::string> brands_;
  absl::flat_hash_set<Item> excluded_;
};

// True if the margin is set and margin / price, computed in doubles, is at least
// `min_margin_ratio`. The ratio is 0 if the price is 0.
bool MeetsMargin(std::optional<int64_t> margin_cents, int64_t price_cents, double min_margin_ratio);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_FILTER_H_
