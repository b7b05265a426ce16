#include "services/bundles/scoring/walk/strong_edges.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <utility>

namespace clustr::scoring {
namespace {

constexpr size_t kFirstSorted = 1024;
// Stands for the price of a neighbour that does not exist: no bound admits it, and sums of some do
// not overflow.
constexpr int64_t kNoPrice = INT64_MAX / 8;

// Puts `value` where it belongs in the values, which are in the order of `before`, and drops the
// last one.
template <class T, size_t kSize, class Before>
void Insert(T value, Before before, std::array<T, kSize>& values) {
  for (T& other : values) {
    if (before(value, other)) std::swap(value, other);
  }
}

}  // namespace

bool Precedes(const StrongPair& a, const StrongPair& b) {
  if (a.strength != b.strength) return a.strength > b.strength;
  return a.a != b.a ? a.a < b.a : a.b < b.b;
}

StrongEdges::StrongEdges(const PairStrengths& pairs, const BundleSpace& space) {
  const bool cross_category = space.query().cross_category_only;
  const absl::Span<const uint8_t> allowed = space.allowed();
  edges_.reserve(pairs.size());  // What is not used of it takes no memory if it is large.
  for (Item a = 0; a < allowed.size(); ++a) {
    if (!allowed[a]) continue;
    const BundleSpace::Product& one = space.product(a);
    for (const Neighbour& n : pairs.NeighboursOf(a)) {
      if (n.item <= a || n.item >= allowed.size() || !allowed[n.item]) continue;
      const BundleSpace::Product& other = space.product(n.item);
      if (!space.MeetsCounts(n.count, std::max(one.single_count, other.single_count))) continue;
      if (cross_category && one.category == other.category) continue;
      edges_.push_back({a, n.item, n.count, n.strength});
    }
  }
}

const StrongPair& StrongEdges::At(size_t i) {
  while (i >= sorted_) {
    const size_t end = std::min(edges_.size(), std::max(kFirstSorted, 2 * sorted_));
    const auto begin = edges_.begin() + static_cast<ptrdiff_t>(sorted_);
    const auto middle = edges_.begin() + static_cast<ptrdiff_t>(end);
    if (middle != edges_.end()) std::nth_element(begin, middle, edges_.end(), Precedes);
    std::sort(begin, middle, Precedes);
    sorted_ = end;
  }
  return edges_[i];
}

void StrongEdges::ForEach(absl::FunctionRef<void(const StrongPair&)> visit) const {
  for (const StrongPair& pair : edges_) visit(pair);
}

PairReach::PairReach(const StrongEdges& edges, const BundleSpace& space, const ReachLimits& limits)
    : space_(space), limits_(limits) {
  if (!space.has_sum_bounds()) return;
  Extremes none;
  none.lowest.fill(kNoPrice);
  none.highest.fill(0);
  none.gain.fill(-HUGE_VAL);
  of_.assign(space.allowed().size(), none);
  edges.ForEach([&](const StrongPair& pair) {
    for (const auto& [item, other] : {std::pair(pair.a, pair.b), std::pair(pair.b, pair.a)}) {
      const BundleSpace::Product& product = space.product(other);
      Extremes& extremes = of_[item];
      Insert(product.price_cents, std::less<int64_t>(), extremes.lowest);
      Insert(product.price_cents, std::greater<int64_t>(), extremes.highest);
      Insert(product.gain, std::greater<double>(), extremes.gain);
    }
  });
}

bool PairReach::MayMeet(const StrongPair& pair) const {
  if (!space_.has_sum_bounds()) return true;
  const BundleSpace::Product& a = space_.product(pair.a);
  const BundleSpace::Product& b = space_.product(pair.b);
  int64_t lowest = a.price_cents + b.price_cents;
  int64_t highest = lowest;
  double gain = a.gain + b.gain;
  for (size_t added = 1; added + 2 <= limits_.max_items; ++added) {
    lowest += std::max(of_[pair.a].lowest[added - 1], of_[pair.b].lowest[added - 1]);
    highest += std::min(of_[pair.a].highest[added - 1], of_[pair.b].highest[added - 1]);
    gain += std::min(of_[pair.a].gain[added - 1], of_[pair.b].gain[added - 1]);
    if (added + 2 >= limits_.min_items && space_.MayHave(lowest, highest, gain)) return true;
  }
  return false;
}

}  // namespace clustr::scoring
