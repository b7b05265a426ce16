#include "services/bundles/index/projection.h"

#include "services/bundles/index/queries.h"

namespace clustr::index {

Projection Project(const Snapshot& snapshot, const Selection& selection,
                   const ProjectionQuery& query) {
  Projection projection;
  projection.counts = CountItems(snapshot, selection);
  std::vector<uint8_t> kept(projection.counts.size());
  uint64_t kept_lines = 0;
  for (Item item = 0; item < kept.size(); ++item) {
    kept[item] = projection.counts[item] >= query.min_count &&
                 (query.allowed.empty() ||
                  (item < query.allowed.size() && query.allowed[item] != 0));
    if (kept[item]) kept_lines += projection.counts[item];
  }

  // One more than is kept: the loop below writes each item before it knows whether it stays.
  projection.items = std::make_unique_for_overwrite<Item[]>(kept_lines + 1);
  projection.offsets = std::make_unique_for_overwrite<uint64_t[]>(selection.basket_count + 1);
  projection.offsets[0] = 0;
  Item* const items = projection.items.get();
  uint64_t end = 0;
  ForEachBasket(snapshot, selection, {}, [&](Slot slot) {
    const uint64_t begin = end;
    for (Item item : snapshot.items(slot)) {
      items[end] = item;
      end += kept[item];
    }
    if (end - begin < query.min_basket_size) {
      end = begin;
    } else {
      projection.offsets[++projection.basket_count] = end;
    }
  });
  return projection;
}

}  // namespace clustr::index
