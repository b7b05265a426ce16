#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_REACH_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_REACH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/scoring/walk/bundle_space.h"

namespace clustr::scoring {

// The largest bundle that BundleQuery allows.
inline constexpr size_t kMaxBundle = 5;

// What adds up over the products of a bundle.
struct BundleSums {
  size_t size = 0;
  int64_t price_cents = 0;
  double gain = 0;    // Of BundleSpace::Product.
  double inside = 0;  // The strengths of its pairs.
};

// A product that may be added to a bundle.
struct BundleCandidate {
  Item item;
  int64_t count;     // At most this many baskets hold the bundle together with it.
  double pull;       // The strengths of its pairs with the products of the bundle, added up.
  double strongest;  // No pair of it with another candidate is stronger.
  double weakest = 0;    // The least of the strengths of its pairs with the products of the bundle.
  bool counted = false;  // Whether `count` is exact.
};

// The sizes of bundles that are wanted.
struct ReachLimits {
  size_t min_items;
  size_t max_items;
};

// Bounds what a bundle becomes by adding candidate i and any of the later ones: its mean strength
// from above, and whether its price and margin can meet their bounds, from below and from above.
//
// With t products added, the pairs among these are bounded by the mean of the `strongest` of both,
// so that each product adds at most pull + (t - 1) / 2 * strongest, and the best t products bound
// the sum.
class BundleReach {
 public:
  // O(candidates).
  void Fill(const BundleSums& bundle, absl::Span<const BundleCandidate> candidates,
            const BundleSpace& space, const ReachLimits& limits);

  // The highest possible mean strength with candidate i, over all sizes that are wanted; with
  // candidate i or a later one; with candidate i and at least one later one. Negative if there is
  // no such bundle.
  double With(size_t i) const { return with_[i]; }
  double From(size_t i) const { return from_[i]; }
  double Beyond(size_t i) const { return beyond_[i]; }

 private:
  std::vector<double> with_;
  std::vector<double> from_;
  std::vector<double> beyond_;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_REACH_H_
