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

// Which single products may be recommended, besides that catalog knows them.
struct ProductBounds {
  bool in_stock_only = true;
  std::vector<std::string> categories = {};  // Empty: any. "" is unset.
  std::vector<std::string> brands = {};
  std::vector<Item> excluded = {};

  bool operator==(const ProductBounds&) const = default;
};

// ProductBounds, ready to be asked often. Thread-safe.
class ProductFilter {
 public:
  explicit ProductFilter(const ProductBounds& bounds);

  // False also for a product that catalog does not know (any more).
  bool Allows(const index::Snapshot& snapshot, Item item) const;
  // Allows for every Item, as 0 or 1.
  std::vector<uint8_t> AllowedItems(const index::Snapshot& snapshot) const;

 private:
  const bool in_stock_only_;
  const absl::flat_hash_set<std::string> categories_;
  const absl::flat_hash_set<std::string> brands_;
  const absl::flat_hash_set<Item> excluded_;
};

// margin / price is at least `min_margin_ratio`, as doubles; 0 for a price of 0. False if the
// margin is unset.
bool MeetsMargin(std::optional<int64_t> margin_cents, int64_t price_cents, double min_margin_ratio);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_FILTER_H_
