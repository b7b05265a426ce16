#include "services/bundles/mining/rules/side_counts.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace clustr::mining {

SideCounts::SideCounts(const BasketView& baskets, const Vertical& vertical, size_t max_row_bytes)
    : baskets_(baskets), vertical_(vertical), holders_(vertical, max_row_bytes) {
  for (uint32_t code = 0; code < vertical.items.size(); ++code) {
    const Item item = vertical.items[code];
    if (item >= code_of_.size()) code_of_.resize(size_t{item} + 1);
    code_of_[item] = code;
  }
}

// Leaves `known_` empty if an item has no row.
void SideCounts::FindRowsOf(absl::Span<const Item> rest) {
  known_.clear();
  for (const Item item : rest) {
    const uint64_t* const row = holders_.Row(code_of_[item]);
    if (row == nullptr) {
      known_.clear();
      return;
    }
    known_.push_back(row);
  }
}

// `known` and the other baskets in all of `rows_`, which are not weighted.
int64_t SideCounts::CountInBits(int64_t known, int64_t most) const {
  const size_t size = holders_.words();
  int64_t count = known;
  for (size_t w = 0; w < size && count <= most; ++w) {
    uint64_t word = rows_[0][w];
    for (size_t r = 1; r < rows_.size(); ++r) word &= rows_[r][w];
    if (word == 0) continue;
    uint64_t all = known_.empty() ? 0 : ~uint64_t{0};
    for (const uint64_t* const row : known_) all &= row[w];
    count += std::popcount(word & ~all);
  }
  return count;
}

// `known` and the others of `baskets` that are in all of `rows_`.
int64_t SideCounts::CountAmong(absl::Span<const uint32_t> baskets, int64_t known,
                               int64_t most) const {
  const bool weighted = !baskets_.weights.empty();
  int64_t count = known;
  for (const uint32_t basket : baskets) {
    const auto in = [&](const uint64_t* row) { return HolderRows::Holds(row, basket); };
    if (!std::all_of(rows_.begin(), rows_.end(), in)) continue;
    if (!known_.empty() && std::all_of(known_.begin(), known_.end(), in)) continue;
    count += weighted ? baskets_.weight(basket) : 1;
    if (count > most) break;
  }
  return count;
}

// The baskets of the two rarest of `codes_`, the second of which has the first of `rows_`, or those
// of the rarest alone. A pair that is asked for again is worth a list.
absl::Span<const uint32_t> SideCounts::HoldersOfRarest() {
  const absl::Span<const uint32_t> rarest = holders_.list(codes_[0]);
  if (codes_.size() < 3 || rarest.size() < kMinListed || rarest.size() > kMaxListed) {
    return rarest;
  }
  const uint64_t key = uint64_t{codes_[0]} << 32 | codes_[1];
  Pair& pair = pairs_[key * 0x9E3779B97F4A7C15u >> (64 - kPairBits)];
  if (pair.key != key) {
    pair.key = key;
    pair.listed = false;
    return rarest;
  }
  if (!pair.listed) {
    pair.baskets.clear();
    for (const uint32_t basket : rarest) {
      if (HolderRows::Holds(rows_[0], basket)) pair.baskets.push_back(basket);
    }
    pair.listed = true;
  }
  rows_.erase(rows_.begin());
  return pair.baskets;
}

int64_t SideCounts::Count(absl::Span<const Item> items, absl::Span<const Item> rest, int64_t held,
                          int64_t most) {
  if (items.size() == 1) return item_count(items[0]);
  codes_.clear();
  for (const Item item : items) codes_.push_back(code_of_[item]);
  std::sort(codes_.begin(), codes_.end(), std::greater<>());
  absl::Span<const uint32_t> rarest = holders_.list(codes_[0]);
  rows_.clear();
  left_.clear();
  for (size_t i = 1; i < codes_.size(); ++i) {
    if (const uint64_t* const row = holders_.Row(codes_[i]); row != nullptr) {
      rows_.push_back(row);
      continue;
    }
    // Only the rarest have no row, unless memory for those has run out.
    if (left_.empty()) left_.assign(rarest.begin(), rarest.end());
    holders_.KeepListed(codes_[i], left_);
    if (left_.empty()) return 0;
    rarest = left_;
  }
  if (left_.empty()) rarest = HoldersOfRarest();
  FindRowsOf(rest);
  const int64_t known = known_.empty() ? 0 : held;
  constexpr size_t kStepsOfBasket = 1;  // As many rows are intersected by the word meanwhile.
  if (baskets_.weights.empty() && left_.empty() &&
      rarest.size() * kStepsOfBasket > holders_.words() * codes_.size()) {
    if (const uint64_t* const row = holders_.Row(codes_[0]); row != nullptr) {
      if (rows_.size() + 2 == codes_.size()) rows_.push_back(holders_.Row(codes_[1]));
      rows_.push_back(row);
      return CountInBits(known, most);
    }
  }
  return CountAmong(rarest, known, most);
}

}  // namespace clustr::mining
