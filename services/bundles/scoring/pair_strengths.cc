#include "services/bundles/scoring/pair_strengths.h"

#include <algorithm>
#include <utility>

namespace clustr::scoring {
namespace {

// The order in which a PairTable has its pairs: those of a product with all lower-numbered ones,
// ascending, before those of the next product. Their neighbours are then in order at once.
bool LaterPairsAreLarger(const StrongPair& x, const StrongPair& y) {
  return std::pair(std::max(x.a, x.b), std::min(x.a, x.b)) <
         std::pair(std::max(y.a, y.b), std::min(y.a, y.b));
}

}  // namespace

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
  neighbours_ = mining::LargeArray<Neighbour>(sum);
  Neighbour* const neighbours = neighbours_.data();
  std::vector<uint32_t> ends = begins_;
  for (const StrongPair& pair : pairs) {
    neighbours[ends[pair.a]++] = {pair.b, pair.count, pair.strength};
    neighbours[ends[pair.b]++] = {pair.a, pair.count, pair.strength};
  }
  if (std::is_sorted(pairs.begin(), pairs.end(), LaterPairsAreLarger)) return;
  // Each product in turn enters the lists of its neighbours, which are thereby in order.
  mining::LargeArray<Neighbour> ordered(sum);
  ends = begins_;
  for (Item item = 0; item < items; ++item) {
    for (uint32_t i = begins_[item]; i < begins_[item + 1]; ++i) {
      const Neighbour& n = neighbours[i];
      ordered.data()[ends[n.item]++] = {item, n.count, n.strength};
    }
  }
  neighbours_ = std::move(ordered);
}

std::optional<double> PairStrengths::Find(Item a, Item b) const {
  const absl::Span<const Neighbour> neighbours = NeighboursOf(a);
  const auto place = std::lower_bound(neighbours.begin(), neighbours.end(), b,
                                      [](const Neighbour& n, Item item) { return n.item < item; });
  if (place == neighbours.end() || place->item != b) return std::nullopt;
  return place->strength;
}

}  // namespace clustr::scoring
