#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_CASES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_CASES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/training/data/progress.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

// The half-lives to choose from, in days; 0 is none.
inline constexpr std::array<double, 6> kHalfLives = {0, 112, 56, 28, 14, 7};
inline constexpr size_t kNoHalfLife = 0;  // The index of none.
// The baskets of a period are dealt to so many parts in turn, for standard errors.
inline constexpr size_t kParts = 10;

// A bundle of two or three products that was sold before a period, and what became of it.
struct BundleCase {
  std::array<ProductNumber, 3> products = {};  // The first `size` ones; ascending.
  uint32_t size = 0;
  uint32_t count = 0;                                 // Baskets before the period that hold it.
  std::array<double, kHalfLives.size()> recent = {};  // The same by recency, for each half-life.
  std::array<uint32_t, kParts> later = {};  // Baskets of each part of the period that hold it.

  absl::Span<const ProductNumber> items() const {
    return absl::MakeConstSpan(products).subspan(0, size);
  }
};

// The bundles that were sold before a period, with what is needed to score and to judge them.
// Everything but the fields `later...` is counted from the baskets before the period alone.
struct BundleCases {
  std::vector<BundleCase> cases;        // Pairs, then triples; each kind ascending by products.
  size_t pair_count = 0;                // The number of pairs.
  size_t basket_count = 0;              // Before the period.
  std::vector<uint32_t> single_counts;  // Of each product.
  std::array<double, kHalfLives.size()> days = {};
  std::array<double, kHalfLives.size()> recent_baskets = {};
  std::array<std::vector<double>, kHalfLives.size()> recent_singles;
  int32_t period_days = 0;
  std::array<uint32_t, kParts> later_baskets = {};
  std::array<std::vector<uint32_t>, kParts> later_singles;

  // The evidence that the model with kHalfLives[half_life] sees for a bundle.
  bundle_model::BundleEvidence EvidenceOf(const BundleCase& one, size_t half_life) const;
};

struct BundleLimits {
  int64_t max_pairs = 400'000;
  int64_t max_triples = 100'000;
};

// The cases for the period of the baskets [begin, end), which are those of `period_days` days: of
// the pairs, and of the triples, that at least two of the first `begin` baskets hold, those of the
// highest counts that the limits allow. None if there are too many baskets for the kernel. One
// thread. Errors are those of `wanted`.
absl::StatusOr<BundleCases> FindBundleCases(const Purchases& purchases, size_t begin, size_t end,
                                            int32_t period_days, const BundleLimits& limits,
                                            const Wanted& wanted);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_CASES_H_
