#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_TID_BITMAPS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_TID_BITMAPS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/layout/tid_lists.h"

namespace clustr::mining {

// The tid-list of each frequent item and, if the item is common enough, its tid-bitmap, which is
// made when first needed. Not thread-safe.
class TidBitmaps {
 public:
  // Default limit for the bytes of all bitmaps together.
  static constexpr size_t kMaxBytes = size_t{16} << 20;

  // Borrows `tid_lists`.
  explicit TidBitmaps(const TidLists& tid_lists, size_t max_bytes = kMaxBytes)
      : tid_lists_(tid_lists), max_bytes_(max_bytes), bitmaps_(tid_lists.frequent.items.size()) {}

  absl::Span<const uint32_t> TidList(uint32_t code) const {
    return {tid_lists_.tids.get() + tid_lists_.begins[code],
            tid_lists_.begins[code + 1] - tid_lists_.begins[code]};
  }

  // 64-bit words of each bitmap.
  size_t words() const { return (tid_lists_.basket_count + 63) / 64; }
  // The bitmap of `code`, or null if the item is rare or the limit of bytes is reached. Valid as
  // long as this object.
  const uint64_t* Bitmap(uint32_t code);
  static bool Contains(const uint64_t* bitmap, uint32_t tid) {
    return (bitmap[tid / 64] >> (tid % 64) & 1) != 0;
  }

  // Removes from `tids`, ascending, those that are not in the tid-list of `code`. Takes a
  // logarithmic number of steps for each tid.
  void IntersectWithList(uint32_t code, std::vector<uint32_t>& tids) const;

  // Bytes of the bitmaps made so far.
  size_t bytes() const { return bytes_; }

 private:
  // An item that is in less than one of this many baskets gets no bitmap.
  static constexpr size_t kSparse = 512;

  const TidLists& tid_lists_;
  const size_t max_bytes_;
  std::vector<std::vector<uint64_t>> bitmaps_;  // Indexed by code; empty until made.
  size_t bytes_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_TID_BITMAPS_H_
