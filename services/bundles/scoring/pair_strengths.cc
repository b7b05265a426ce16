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
  neighbours_.resize(sum);
  // Filling advances each begin to the end of its list, where the next list begins.
  for (const StrongPair& pair : pairs) {
    neighbours_[begins_[pair.a]++] = {pair.b, pair.count, pair.strength};
    neighbours_[begins_[pair.b]++] = {pair.a, pair.count, pair.strength};
  }
  for (size_t i = begins_.size() - 1; i > 0; --i) begins_[i] = begins_[i - 1];
  begins_[0] = 0;
  for (Item item = 0; item < items; ++item) {
    std::sort(neighbours_.begin() + begins_[item], neighbours_.begin() + begins_[item + 1],
              [](const Neighbour& x, const Neighbour& y) { return x.item < y.item; });
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
