#include "services/bundles/mining/side_counts.h"

#include <algorithm>
#include <functional>

namespace clustr::mining {

SideCounts::SideCounts(const BasketView& baskets, const Vertical& vertical)
    : baskets_(baskets), vertical_(vertical), bits_(vertical.items.size()) {
  for (uint32_t code = 0; code < vertical.items.size(); ++code) {
    const Item item = vertical.items[code];
    if (item >= code_of_.size()) code_of_.resize(size_t{item} + 1);
    code_of_[item] = code;
  }
}

const uint64_t* SideCounts::BitsOf(uint32_t code) {
  std::vector<uint64_t>& bits = bits_[code];
  if (!bits.empty()) return bits.data();
  const size_t words = (vertical_.basket_count + 63) / 64;
  const absl::Span<const uint32_t> list = holders(code);
  if (list.size() * kDense < vertical_.basket_count ||
      bytes_ + words * sizeof(uint64_t) > kMostBytes) {
    return nullptr;
  }
  bytes_ += words * sizeof(uint64_t);
  bits.assign(words, 0);
  for (const uint32_t basket : list) bits[basket / 64] |= uint64_t{1} << (basket % 64);
  return bits.data();
}

// Intersects `rows_`, of unweighted baskets.
int64_t SideCounts::CountInBits() const {
  const size_t words = (vertical_.basket_count + 63) / 64;
  int64_t count = 0;
  for (size_t w = 0; w < words; ++w) {
    uint64_t word = rows_[0][w];
    for (size_t r = 1; r < rows_.size(); ++r) word &= rows_[r][w];
    count += __builtin_popcountll(word);
  }
  return count;
}

// Cuts `left_` down to the baskets that hold the item of `code`.
void SideCounts::KeepHoldersOf(uint32_t code) {
  size_t kept = 0;
  if (const uint64_t* const bits = BitsOf(code); bits != nullptr) {
    for (const uint32_t basket : left_) {
      left_[kept] = basket;
      kept += bits[basket / 64] >> (basket % 64) & 1;
    }
  } else {
    const absl::Span<const uint32_t> list = holders(code);
    const uint32_t* at = list.begin();
    for (const uint32_t basket : left_) {
      // Doubling steps: the next holder is near unless the lists differ in length.
      size_t step = 1;
      const auto ahead = static_cast<size_t>(list.end() - at);
      while (step < ahead && at[step] < basket) step *= 2;
      at = std::lower_bound(at, at + std::min(step + 1, ahead), basket);
      if (at == list.end()) break;
      if (*at == basket) left_[kept++] = basket;
    }
  }
  left_.resize(kept);
}

int64_t SideCounts::Count(absl::Span<const Item> items) {
  if (items.size() == 1) return item_count(items[0]);
  codes_.clear();
  for (const Item item : items) codes_.push_back(code_of_[item]);
  std::sort(codes_.begin(), codes_.end(), std::greater<>());
  if (baskets_.weights.empty()) {
    rows_.clear();
    for (const uint32_t code : codes_) {
      const uint64_t* const row = BitsOf(code);
      if (row == nullptr) break;
      rows_.push_back(row);
    }
    if (rows_.size() == codes_.size()) return CountInBits();
  }
  const absl::Span<const uint32_t> rarest = holders(codes_[0]);
  left_.assign(rarest.begin(), rarest.end());
  for (size_t i = 1; i < codes_.size() && !left_.empty(); ++i) KeepHoldersOf(codes_[i]);
  if (baskets_.weights.empty()) return static_cast<int64_t>(left_.size());
  int64_t count = 0;
  for (const uint32_t basket : left_) count += baskets_.weight(basket);
  return count;
}

}  // namespace clustr::mining
