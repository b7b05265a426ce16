#include "services/bundles/scoring/walk/bundle_reach.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace clustr::scoring {
namespace {

// The extreme values of those added, up to kMaxBundle - 2 of them, the most extreme first.
template <class T, class Before>
class Extremes {
 public:
  void Add(T value) {
    for (size_t i = 0; i < size_; ++i) {
      if (Before()(value, values_[i])) std::swap(value, values_[i]);
    }
    if (size_ < values_.size()) values_[size_++] = value;
  }
  // The sum of the first `count`, of which there must be as many.
  T Sum(size_t count) const {
    T sum = 0;
    for (size_t i = 0; i < count; ++i) sum += values_[i];
    return sum;
  }

 private:
  std::array<T, kMaxBundle - 1> values_ = {};
  size_t size_ = 0;
};

// The sums that the candidates seen so far can add.
struct Seen {
  size_t count = 0;
  Extremes<int64_t, std::less<int64_t>> lowest;
  Extremes<int64_t, std::greater<int64_t>> highest;
  Extremes<double, std::greater<double>> gain;
  // Indexed by the number of products that are added.
  std::array<Extremes<double, std::greater<double>>, kMaxBundle> strength;
};

double Share(const BundleCandidate& candidate, size_t added) {
  return candidate.pull + static_cast<double>(added - 1) / 2 * candidate.strongest;
}

}  // namespace

void BundleReach::Fill(const BundleSums& bundle, absl::Span<const BundleCandidate> candidates,
                       const BundleSpace& space, const ReachLimits& limits) {
  const size_t n = candidates.size();
  with_.assign(n, -1);
  from_.assign(n, -1);
  beyond_.assign(n, -1);
  const size_t most = limits.max_items - bundle.size;
  const size_t least = limits.min_items > bundle.size ? limits.min_items - bundle.size : size_t{1};
  Seen later;
  for (size_t i = n; i-- > 0;) {
    const BundleCandidate& candidate = candidates[i];
    const BundleSpace::Product& product = space.product(candidate.item);
    const int64_t price = bundle.price_cents + product.price_cents;
    for (size_t added = std::max(least, bundle.size == 0 ? size_t{2} : size_t{1});
         added <= std::min(most, later.count + 1); ++added) {
      if (space.has_sum_bounds() &&
          !space.MayHave(price + later.lowest.Sum(added - 1), price + later.highest.Sum(added - 1),
                         bundle.gain + product.gain + later.gain.Sum(added - 1))) {
        continue;
      }
      const size_t size = bundle.size + added;
      const double mean =
          (bundle.inside + Share(candidate, added) + later.strength[added].Sum(added - 1)) /
          (static_cast<double>(size * (size - 1)) / 2);
      with_[i] = std::max(with_[i], mean);
      if (added > 1) beyond_[i] = std::max(beyond_[i], mean);
    }
    from_[i] = std::max(with_[i], i + 1 < n ? from_[i + 1] : -1);
    if (space.has_sum_bounds()) {
      later.lowest.Add(product.price_cents);
      later.highest.Add(product.price_cents);
      later.gain.Add(product.gain);
    }
    for (size_t added = 2; added <= most; ++added) {
      later.strength[added].Add(Share(candidate, added));
    }
    ++later.count;
  }
}

}  // namespace clustr::scoring
