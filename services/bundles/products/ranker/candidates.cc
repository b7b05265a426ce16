#include "services/bundles/products/ranker/candidates.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace clustr::products {
namespace {

// Numbers that ascend with the score, which is above 0, and among equal ones descend with the
// product.
uint64_t KeyOf(float score, ProductNumber product) {
  return uint64_t{std::bit_cast<uint32_t>(score)} << 32 | static_cast<uint32_t>(~product);
}

ProductNumber ProductOf(uint64_t key) { return ~static_cast<uint32_t>(key); }

}  // namespace

// A score that at least `wanted` products have or exceed; 0 if none is found.
float CandidateChooser::BoundOf(absl::Span<const float> scores, size_t wanted) {
  if (wanted >= kGroups || scores.size() < 2 * kGroups) return 0;
  highest_.assign(scores.begin(), scores.begin() + kGroups);
  const size_t whole = scores.size() / kGroups * kGroups;
  for (size_t begin = kGroups; begin < whole; begin += kGroups) {
    const float* const next = scores.data() + begin;
    float* const highest = highest_.data();
    for (size_t k = 0; k < kGroups; ++k) highest[k] = highest[k] < next[k] ? next[k] : highest[k];
  }
  const auto place = highest_.begin() + static_cast<ptrdiff_t>(wanted);
  std::nth_element(highest_.begin(), place, highest_.end(), std::greater<>());
  return std::max(0.0f, *place);
}

void CandidateChooser::Choose(absl::Span<const float> scores,
                              absl::Span<const ProductNumber> basket, size_t count,
                              std::vector<ProductNumber>* candidates) {
  const float bound = BoundOf(scores, count + basket.size());
  candidates->resize(scores.size());
  size_t found = 0;
  for (ProductNumber product = 0; product < scores.size(); ++product) {
    // Written always and kept if it is one, since a branch mispredicts.
    (*candidates)[found] = product;
    found += static_cast<size_t>(scores[product] >= bound) & (scores[product] > 0);
  }
  keys_.clear();
  for (size_t i = 0; i < found; ++i) {
    keys_.push_back(KeyOf(scores[(*candidates)[i]], (*candidates)[i]));
  }
  std::erase_if(keys_, [&](uint64_t key) {
    return std::binary_search(basket.begin(), basket.end(), ProductOf(key));
  });
  if (keys_.size() > count) {
    const auto end = keys_.begin() + static_cast<ptrdiff_t>(count);
    std::nth_element(keys_.begin(), end, keys_.end(), std::greater<>());
    keys_.erase(end, keys_.end());
  }
  std::sort(keys_.begin(), keys_.end(), std::greater<>());
  candidates->clear();
  for (const uint64_t key : keys_) candidates->push_back(ProductOf(key));
}

}  // namespace clustr::products
