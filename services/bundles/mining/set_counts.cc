#include "services/bundles/mining/set_counts.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>
#include <vector>

namespace clustr::mining {
namespace {

using BasketList = std::vector<uint32_t>;  // Ascending.

// Beyond this ratio of sizes, looking up each member of the shorter list beats a merge.
constexpr size_t kSkewed = 16;

void Intersect(const BasketList& a, const BasketList& b, BasketList& out) {
  out.clear();
  const auto& [few, many] = a.size() < b.size() ? std::tie(a, b) : std::tie(b, a);
  if (many.size() / kSkewed <= few.size()) {
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return;
  }
  auto at = many.begin();
  for (const uint32_t basket : few) {
    at = std::lower_bound(at, many.end(), basket);
    if (at == many.end()) return;
    if (*at == basket) out.push_back(basket);
  }
}

}  // namespace

void CountSets(const BasketView& baskets, ItemsetTable& sets) {
  Item bound = 0;
  for (size_t i = 0; i < sets.size(); ++i) bound = std::max(bound, sets.items(i).back() + 1);
  std::vector<bool> wanted(bound);
  for (size_t i = 0; i < sets.size(); ++i) {
    for (const Item item : sets.items(i)) wanted[item] = true;
  }
  std::vector<BasketList> holders(bound);
  for (size_t basket = 0; basket < baskets.size(); ++basket) {
    for (const Item item : baskets[basket]) {
      if (item < bound && wanted[item]) holders[item].push_back(static_cast<uint32_t>(basket));
    }
  }

  // The rarest item of a set first, so that lists are short from the start; in that order
  // neighbours share a prefix, and with it its baskets.
  std::vector<Item> by_count(bound);
  std::iota(by_count.begin(), by_count.end(), Item{0});
  std::stable_sort(by_count.begin(), by_count.end(),
                   [&](Item a, Item b) { return holders[a].size() < holders[b].size(); });
  std::vector<Item> rank_of(bound);
  for (Item rank = 0; rank < bound; ++rank) rank_of[by_count[rank]] = rank;
  std::vector<Item> ranks;
  std::vector<uint64_t> begins = {0};
  for (size_t i = 0; i < sets.size(); ++i) {
    for (const Item item : sets.items(i)) ranks.push_back(rank_of[item]);
    std::sort(ranks.begin() + static_cast<ptrdiff_t>(begins.back()), ranks.end());
    begins.push_back(ranks.size());
  }
  const auto ranks_of = [&](size_t i) {
    return absl::MakeConstSpan(ranks).subspan(begins[i], begins[i + 1] - begins[i]);
  };
  std::vector<size_t> order(sets.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return ranks_of(a) < ranks_of(b); });
  std::vector<Item> prefix;
  std::vector<BasketList> prefix_holders;  // [k]: baskets that hold the first k + 1 of `prefix`.
  for (const size_t i : order) {
    const absl::Span<const Item> items = ranks_of(i);
    const size_t shared =
        std::mismatch(items.begin(), items.end(), prefix.begin(), prefix.end()).first -
        items.begin();
    prefix.assign(items.begin(), items.end());
    if (prefix_holders.size() < items.size()) prefix_holders.resize(items.size());
    for (size_t k = shared; k < items.size(); ++k) {
      const BasketList& list = holders[by_count[items[k]]];
      if (k == 0) {
        prefix_holders[0] = list;
      } else {
        Intersect(prefix_holders[k - 1], list, prefix_holders[k]);
      }
    }
    const BasketList& found = prefix_holders[items.size() - 1];
    auto count = static_cast<int64_t>(found.size());
    if (!baskets.weights.empty()) {
      count = 0;
      for (const uint32_t basket : found) count += baskets.weight(basket);
    }
    sets.set_count(i, count);
  }
}

}  // namespace clustr::mining
