#include "services/bundles/scoring/pair_strengths.h"

#include <algorithm>
#include <utility>

namespace clustr::scoring {

PairStrengths::PairStrengths(absl::Span<const StrongPair> pairs) {
  Item items = 0;
  for (const StrongPair& pair : pairs) items = std::max({items, pair.a + 1, pair.b + 1});
  begins_.assign(size_t{items} + 1, 0);
  for (const StrongPair& pair : pairs) {
    ++begins_[pair.a];
    ++begins_[pair.b];
  }
  uint32_t sum = 0;
  for (uint32_t& begin : begins_) sum += std::exchange(begin, sum);
  std::vector<Neighbour> unordered(sum);
  std::vector<uint32_t> ends = begins_;
  for (const StrongPair& pair : pairs) {
    unordered[ends[pair.a]++] = {pair.b, pair.count, pair.strength};
    unordered[ends[pair.b]++] = {pair.a, pair.count, pair.strength};
  }
  // Each product in turn enters the lists of its neighbours, which are thereby in order.
  neighbours_.resize(sum);
  ends = begins_;
  for (Item item = 0; item < items; ++item) {
    for (uint32_t i = begins_[item]; i < begins_[item + 1]; ++i) {
      const Neighbour& n = unordered[i];
      neighbours_[ends[n.item]++] = {item, n.count, n.strength};
    }
  }
}

std::optional<double> PairStrengths::Find(Item a, Item b) const {
  const absl::Span<const Neighbour> neighbours = NeighboursOf(a);
  const auto place = std::lower_bound(neighbours.begin(), neighbours.end(), b,
                                      [](const Neighbour& n, Item item) { return n.item < item; });
  if (place == neighbours.end() || place->item != b) return std::nullopt;
  return place->strength;
}

}  // namespace clustr::scoring
