#include "tests/services/bundles/scoring/random_query.h"

#include <cstdint>

namespace clustr::scoring {

QueryWithSkus MakeQuery(index::RandomShop& random, const index::Snapshot& snapshot) {
  QueryWithSkus made;
  BundleQuery& query = made.query;
  query.min_items = static_cast<int>(random.Number(2, 3));
  query.max_items = static_cast<int>(random.Number(query.min_items, 5));
  query.min_count = random.Number(1, 3);
  query.min_support = random.OneIn(2) ? 0 : 0.01 * random.Number(0, 5);
  query.min_confidence = 0.05 * random.Number(0, 4);
  query.limit = random.Number(1, 60);
  query.products.in_stock_only = random.OneIn(2);
  if (random.OneIn(4)) query.min_total_price_cents = random.Number(0, 800);
  if (random.OneIn(4)) query.max_total_price_cents = random.Number(300, 1500);
  if (random.OneIn(4)) query.min_margin_ratio = 0.1 * random.Number(-20, 5);
  query.cross_category_only = random.OneIn(4);
  if (random.OneIn(3)) query.max_overlap = 0.1 * random.Number(0, 10);
  query.overlap_is_preference = random.OneIn(2);
  if (random.OneIn(8)) query.products.categories = {"category0", "", "category1"};
  if (random.OneIn(8)) query.products.brands = {"brand0", "brand2"};
  if (random.OneIn(3)) made.excluded = {random.Sku(14), random.Sku(14)};
  for (int64_t k = random.OneIn(3) ? random.Number(1, 3) : 0; k > 0; --k) {
    made.anchors.insert(1000 - random.Number(0, 5));
  }
  for (int64_t sku : made.excluded) {
    if (auto item = snapshot.item_of(sku)) query.products.excluded.push_back(*item);
  }
  if (random.OneIn(4)) {
    const int64_t sku = random.Sku(14);
    if (auto item = snapshot.item_of(sku)) query.products.purchased.push_back(*item);
    made.excluded.insert(sku);
  }
  for (int64_t sku : made.anchors) query.anchors.push_back(snapshot.item_of(sku).value());
  return made;
}

}  // namespace clustr::scoring
