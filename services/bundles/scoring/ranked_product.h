#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_RANKED_PRODUCT_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_RANKED_PRODUCT_H_

#include <cstdint>

#include "services/bundles/index/snapshot.h"

namespace clustr::scoring {

// A product that may be recommended, with what it is ranked by.
struct RankedProduct {
  index::Item item = 0;
  double score = 0;
  int64_t count = 0;  // Baskets of the population with it.
  int64_t sku = 0;

  // True if this one is recommended before `other`: a higher score, then more baskets, then the
  // lower SKU.
  bool operator<(const RankedProduct& other) const {
    if (score != other.score) return score > other.score;
    if (count != other.count) return count > other.count;
    return sku < other.sku;
  }
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_RANKED_PRODUCT_H_
