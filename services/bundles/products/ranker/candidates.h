#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_CANDIDATES_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_CANDIDATES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/product_links.h"

namespace clustr::products {

// Finds the products with the highest scores. Not thread-safe: keeps its memory for the next call.
class CandidateChooser {
 public:
  // Sets `candidates` to the `count` products with the highest scores above 0 without those of
  // `basket`, which ascends; highest first; ties: the lower number first. O(products), and little
  // of that beyond one comparison of each score: see kGroups.
  void Choose(absl::Span<const float> scores, absl::Span<const ProductNumber> basket, size_t count,
              std::vector<ProductNumber>* candidates);

 private:
  // The products are dealt to so many groups. If `n` groups hold a score of at least x each, at
  // least n products do, so products below the n-th highest of the groups' highest scores need not
  // be sorted.
  static constexpr size_t kGroups = 512;

  float BoundOf(absl::Span<const float> scores, size_t wanted);

  std::vector<float> highest_;  // The highest score of each group.
  std::vector<uint64_t> keys_;  // Of the products that are left, in the order of the answer.
};

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_CANDIDATES_H_
