#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SIDE_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SIDE_COUNTS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/basket_view.h"
#include "services/bundles/mining/vertical.h"

namespace clustr::mining {

// Counts single sets of frequent items when asked, from the lists of baskets that hold each item;
// common items are looked up in rows of bits that are made when first needed. Not thread-safe.
class SideCounts {
 public:
  // Borrows both; `vertical` is of `baskets`, with holders.
  SideCounts(const BasketView& baskets, const Vertical& vertical);

  int64_t item_count(Item item) const { return vertical_.counts[code_of_[item]]; }

  // The baskets that hold all of `items`, at least one, each of them frequent. O(items and baskets
  // of the rarest of them), or O(items and all baskets / 64) if all are common.
  int64_t Count(absl::Span<const Item> items);

 private:
  // Items in one of so many baskets and more have a row of bits, up to this much memory together.
  static constexpr size_t kDense = 64;
  static constexpr size_t kMostBytes = size_t{4} << 20;

  absl::Span<const uint32_t> holders(uint32_t code) const {
    return {vertical_.holders.get() + vertical_.begins[code],
            vertical_.begins[code + 1] - vertical_.begins[code]};
  }
  // The row of an item that is common enough, or null.
  const uint64_t* BitsOf(uint32_t code);
  int64_t CountInBits() const;
  void KeepHoldersOf(uint32_t code);

  const BasketView& baskets_;
  const Vertical& vertical_;
  std::vector<uint32_t> code_of_;            // By item.
  std::vector<std::vector<uint64_t>> bits_;  // By code; empty until it is made.
  size_t bytes_ = 0;
  std::vector<uint32_t> codes_;  // Of the items that are being counted, the rarest first.
  std::vector<const uint64_t*> rows_;
  std::vector<uint32_t> left_;  // Baskets that may hold them all.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SIDE_COUNTS_H_
