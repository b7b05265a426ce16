#include "services/bundles/mining/rules/side_counts.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace clustr::mining {

SideCounts::SideCounts(const BasketView& baskets, const TidLists& tid_lists,
                       size_t max_bitmap_bytes)
    : baskets_(baskets), tid_lists_(tid_lists), bitmaps_(tid_lists, max_bitmap_bytes) {
  for (uint32_t code = 0; code < tid_lists.frequent.items.size(); ++code) {
    const Item item = tid_lists.frequent.items[code];
    if (item >= code_of_.size()) code_of_.resize(size_t{item} + 1);
    code_of_[item] = code;
  }
}

// Leaves `rest_bitmaps_` empty if an item has no bitmap.
void SideCounts::FindRestBitmaps(absl::Span<const Item> rest) {
  rest_bitmaps_.clear();
  for (const Item item : rest) {
    const uint64_t* const bitmap = bitmaps_.Bitmap(code_of_[item]);
    if (bitmap == nullptr) {
      rest_bitmaps_.clear();
      return;
    }
    rest_bitmaps_.push_back(bitmap);
  }
}

// `known_count` plus the number of other baskets in all of `side_bitmaps_`. Requires baskets
// without weights.
int64_t SideCounts::CountInBitmaps(int64_t known_count, int64_t max_count) const {
  const size_t size = bitmaps_.words();
  int64_t count = known_count;
  for (size_t w = 0; w < size && count <= max_count; ++w) {
    uint64_t word = side_bitmaps_[0][w];
    for (size_t r = 1; r < side_bitmaps_.size(); ++r) word &= side_bitmaps_[r][w];
    if (word == 0) continue;
    uint64_t all = rest_bitmaps_.empty() ? 0 : ~uint64_t{0};
    for (const uint64_t* const bitmap : rest_bitmaps_) all &= bitmap[w];
    count += std::popcount(word & ~all);
  }
  return count;
}

// `known_count` plus the weight of the other baskets among `tids` that are in all of
// `side_bitmaps_`.
int64_t SideCounts::CountAmongTids(absl::Span<const uint32_t> tids, int64_t known_count,
                                   int64_t max_count) const {
  const bool weighted = !baskets_.weights.empty();
  int64_t count = known_count;
  for (const uint32_t tid : tids) {
    const auto in = [&](const uint64_t* bitmap) { return TidBitmaps::Contains(bitmap, tid); };
    if (!std::all_of(side_bitmaps_.begin(), side_bitmaps_.end(), in)) continue;
    if (!rest_bitmaps_.empty() && std::all_of(rest_bitmaps_.begin(), rest_bitmaps_.end(), in)) {
      continue;
    }
    count += weighted ? baskets_.weight(tid) : 1;
    if (count > max_count) break;
  }
  return count;
}

// The tids of the two rarest of `codes_`, or those of the rarest one alone. The second rarest must
// have the first of `side_bitmaps_`. A list is made for a pair when it is asked for a second time.
absl::Span<const uint32_t> SideCounts::TidsOfRarest() {
  const absl::Span<const uint32_t> rarest = bitmaps_.TidList(codes_[0]);
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
    pair.tids.clear();
    for (const uint32_t tid : rarest) {
      if (TidBitmaps::Contains(side_bitmaps_[0], tid)) pair.tids.push_back(tid);
    }
    pair.listed = true;
  }
  side_bitmaps_.erase(side_bitmaps_.begin());
  return pair.tids;
}

int64_t SideCounts::Count(absl::Span<const Item> items, absl::Span<const Item> rest,
                          int64_t joint_count, int64_t max_count) {
  if (items.size() == 1) return item_count(items[0]);
  codes_.clear();
  for (const Item item : items) codes_.push_back(code_of_[item]);
  std::sort(codes_.begin(), codes_.end(), std::greater<>());
  absl::Span<const uint32_t> rarest = bitmaps_.TidList(codes_[0]);
  side_bitmaps_.clear();
  remaining_tids_.clear();
  for (size_t i = 1; i < codes_.size(); ++i) {
    if (const uint64_t* const bitmap = bitmaps_.Bitmap(codes_[i]); bitmap != nullptr) {
      side_bitmaps_.push_back(bitmap);
      continue;
    }
    // Only the rarest items have no bitmap, unless the limit of bytes is reached.
    if (remaining_tids_.empty()) remaining_tids_.assign(rarest.begin(), rarest.end());
    bitmaps_.IntersectWithList(codes_[i], remaining_tids_);
    if (remaining_tids_.empty()) return 0;
    rarest = remaining_tids_;
  }
  if (remaining_tids_.empty()) rarest = TidsOfRarest();
  FindRestBitmaps(rest);
  const int64_t known_count = rest_bitmaps_.empty() ? 0 : joint_count;
  // Bitmaps that are intersected by the word in the time of looking up one tid.
  constexpr size_t kStepsPerTid = 1;
  if (baskets_.weights.empty() && remaining_tids_.empty() &&
      rarest.size() * kStepsPerTid > bitmaps_.words() * codes_.size()) {
    if (const uint64_t* const bitmap = bitmaps_.Bitmap(codes_[0]); bitmap != nullptr) {
      if (side_bitmaps_.size() + 2 == codes_.size()) {
        side_bitmaps_.push_back(bitmaps_.Bitmap(codes_[1]));
      }
      side_bitmaps_.push_back(bitmap);
      return CountInBitmaps(known_count, max_count);
    }
  }
  return CountAmongTids(rarest, known_count, max_count);
}

}  // namespace clustr::mining
