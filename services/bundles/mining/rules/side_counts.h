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

// Counts sets of frequent items on request, up to a limit. Goes through the tid-list of the rarest
// item and looks the others up in tid-bitmaps, which are made when first needed. Not thread-safe.
class SideCounts {
 public:
  // Borrows both. `tid_lists` must have been made from `baskets`.
  SideCounts(const BasketView& baskets, const TidLists& tid_lists,
             size_t max_bitmap_bytes = TidBitmaps::kMaxBytes);

  int64_t item_count(Item item) const { return tid_lists_.frequent.counts[code_of_[item]]; }

  // The count of `items`, which are at least one and all frequent, if it is at most `max_count`;
  // otherwise any number above `max_count` up to that count. `joint_count` is the count of `items`
  // and `rest` together; where it is cheaper, only the baskets without `rest` are counted. Takes
  // O(items * tids of the rarest one), or O(items * baskets / 64) if all are frequent enough, and
  // less if it soon exceeds `max_count`.
  int64_t Count(absl::Span<const Item> items, absl::Span<const Item> rest, int64_t joint_count,
                int64_t max_count);

  // Bytes of the bitmaps made so far.
  size_t bitmap_bytes() const { return bitmaps_.bytes(); }

 private:
  // Tid-lists of pairs of items, for sets of at least three items of which they are the rarest.
  // They take at most 8 MiB.
  static constexpr int kPairBits = 10;
  static constexpr size_t kMaxListed = 2048;
  static constexpr size_t kMinListed = 64;  // A shorter list of one item is short enough.
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
  std::vector<Pair> pairs_{size_t{1} << kPairBits};  // Indexed by a hash of the key.
  std::vector<uint32_t> code_of_;                    // Indexed by item.
  std::vector<uint32_t> codes_;  // Codes of the items that are being counted, rarest first.
  // Bitmaps of all of these but the ones whose tids are listed.
  std::vector<const uint64_t*> side_bitmaps_;
  // Bitmaps of `rest`. If empty, no basket is known to contain `rest`.
  std::vector<const uint64_t*> rest_bitmaps_;
  std::vector<uint32_t> remaining_tids_;  // Tids of the baskets that may contain all items.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_SIDE_COUNTS_H_
