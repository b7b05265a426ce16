#include "services/bundles/index/projection.h"

#include <algorithm>

#include "services/bundles/index/queries.h"
#include "services/bundles/index/runs.h"

namespace clustr::index {
namespace {

// Copies the lines that are kept to `to`, which must have room for one more. Sets before[i] to the
// number of lines kept before line i. Has no branch, because one would be mispredicted at every
// third line.
void Cut(absl::Span<const Item> lines, absl::Span<const uint8_t> kept, Item* to,
         std::vector<uint32_t>& before) {
  uint32_t count = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    before[i] = count;
    to[count] = lines[i];
    count += kept[lines[i]];
  }
  before[lines.size()] = count;
}

}  // namespace

Projection Project(const Snapshot& snapshot, const Selection& selection,
                   const ProjectionQuery& query) {
  Projection projection;
  projection.counts = CountItems(snapshot, selection);
  std::vector<uint8_t> kept(projection.counts.size());
  uint64_t kept_lines = 0;
  for (Item item = 0; item < kept.size(); ++item) {
    kept[item] =
        projection.counts[item] >= query.min_count &&
        (query.allowed.empty() || (item < query.allowed.size() && query.allowed[item] != 0));
    if (kept[item]) kept_lines += projection.counts[item];
  }

  // Has room for one extra item: Cut writes each item before it knows whether it is kept.
  projection.items = std::make_unique_for_overwrite<Item[]>(kept_lines + 1);
  projection.offsets = std::make_unique_for_overwrite<uint64_t[]>(selection.basket_count + 1);
  Item* end = projection.items.get();
  uint64_t* offset = projection.offsets.get();
  *offset = 0;
  std::vector<uint32_t> before;  // The number of lines kept before each line of a run.
  ForEachRun(snapshot.log(), selection.words, [&](const Run& run) {
    if (before.size() <= run.items.size()) before.resize(2 * run.items.size() + 1);
    const Item* const cut = end;
    Cut(run.items, kept, end, before);
    size_t line = 0;
    for (int i = 0; i < run.count; ++i) {
      const Item* const basket = cut + before[line];
      line += snapshot.items(run.first + i).size();
      const size_t size = cut + before[line] - basket;
      if (size < query.min_basket_size) continue;
      if (basket != end) std::copy_n(basket, size, end);
      end += size;
      *++offset = end - projection.items.get();
    }
  });
  projection.basket_count = offset - projection.offsets.get();
  return projection;
}

}  // namespace clustr::index
