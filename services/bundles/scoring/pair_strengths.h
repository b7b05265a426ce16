#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_PAIR_STRENGTHS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_PAIR_STRENGTHS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/base/large_memory.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::scoring {

using mining::Item;

// Two products that were bought together, and how strongly they belong together.
struct StrongPair {
  Item a;
  Item b;
  uint32_t count;  // Number of baskets that hold both.
  double strength;
};

// One of the two, as seen from the other.
struct Neighbour {
  Item item;
  uint32_t count;
  double strength;
};

// A set of pairs as a graph: for each product those that it was bought with. Immutable; takes 32
// bytes for each pair.
class PairStrengths {
 public:
  PairStrengths() = default;
  // Every pair of different products at most once, in either order.
  explicit PairStrengths(absl::Span<const StrongPair> pairs);

  // The products that `item` is in a pair with, ascending.
  absl::Span<const Neighbour> NeighboursOf(Item item) const {
    if (size_t{item} + 1 >= begins_.size()) return {};
    return {neighbours_.data() + begins_[item], begins_[item + 1] - begins_[item]};
  }
  // The strength of a pair; nullopt if it is not in the set. O(log neighbours).
  std::optional<double> Find(Item a, Item b) const;
  // The strength of a pair; 0 if it is not in the set.
  double Of(Item a, Item b) const { return Find(a, b).value_or(0); }
  // Number of pairs.
  size_t size() const { return begins_.empty() ? 0 : begins_.back() / 2; }
  size_t memory_bytes() const {
    return begins_.size() * sizeof(uint32_t) + 2 * size() * sizeof(Neighbour);
  }

 private:
  std::vector<uint32_t> begins_;  // Indexed by Item, and one more.
  mining::LargeArray<Neighbour> neighbours_;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_PAIR_STRENGTHS_H_
