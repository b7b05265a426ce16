#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_SIDE_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_SIDE_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/layout/tid_bitmaps.h"
#include "services/bundles/mining/layout/tid_lists.h"

namespace clustr::mining {

// Counts single sets of frequent items when asked, as far as it matters, from the lists of baskets
// that hold each item; all but the rarest are looked up in rows of bits that are made when first
// needed. Not thread-safe.
class SideCounts {
 public:
  // Borrows both; `tid_lists` is of `baskets`, with holders.
  SideCounts(const BasketView& baskets, const TidLists& tid_lists,
             size_t max_bitmap_bytes = TidBitmaps::kMaxBytes);

  int64_t item_count(Item item) const { return tid_lists_.frequent.counts[code_of_[item]]; }

  // The baskets that hold all of `items`, at least one, each of them frequent; or, if those are
  // more than `max_count`, some number above it that is not above theirs. `known_count` of them are
  // known_count to hold all of `rest`, frequent items, too: only the others are counted where that
  // is cheaper. O(items and baskets of the rarest of them), or O(items and all baskets / 64) if all
  // are common, and less if more than `max_count` are found soon.
  int64_t Count(absl::Span<const Item> items, absl::Span<const Item> rest, int64_t joint_count,
                int64_t max_count);

  // Of the rows that were made so far.
  size_t bitmap_bytes() const { return bitmaps_.bytes(); }

 private:
  // Lists of the baskets of two items, for sets of three and more of which they are the rarest: 8
  // MiB at most.
  static constexpr int kPairBits = 10;
  static constexpr size_t kMaxListed = 2048;
  static constexpr size_t kMinListed = 64;  // Shorter lists of one item are good enough.
  struct Pair {
    uint64_t key = UINT64_MAX;  // Both codes.
    bool listed = false;
    std::vector<uint32_t> tids;
  };

  absl::Span<const uint32_t> TidsOfRarest();
  void FindRestBitmaps(absl::Span<const Item> rest);
  int64_t CountInBitmaps(int64_t known_count, int64_t max_count) const;
  int64_t CountAmongTids(absl::Span<const uint32_t> tids, int64_t known_count,
                         int64_t max_count) const;

  const BasketView& baskets_;
  const TidLists& tid_lists_;
  TidBitmaps bitmaps_;
  std::vector<Pair> pairs_{size_t{1} << kPairBits};  // By a hash of the key.
  std::vector<uint32_t> code_of_;                    // By item.
  std::vector<uint32_t> codes_;  // Of the items that are being counted, the rarest first.
  std::vector<const uint64_t*> side_bitmaps_;  // Of those of them that are looked up.
  std::vector<const uint64_t*>
      rest_bitmaps_;  // Baskets in all of these are known_count; if empty, none.
  std::vector<uint32_t> remaining_tids_;  // Baskets that may hold them all.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_SIDE_COUNTS_H_
