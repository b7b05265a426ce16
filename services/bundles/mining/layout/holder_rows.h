#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HOLDER_ROWS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HOLDER_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/layout/vertical.h"

namespace clustr::mining {

// The baskets of each item, as its list and, where it is common enough, as a row of bits that is
// made when first needed. Not thread-safe.
class HolderRows {
 public:
  // All rows together take up to so many bytes.
  static constexpr size_t kMaxBytes = size_t{16} << 20;

  // Borrows `vertical`, which has holders.
  explicit HolderRows(const Vertical& vertical, size_t max_bytes = kMaxBytes)
      : vertical_(vertical), max_bytes_(max_bytes), rows_(vertical.items.size()) {}

  absl::Span<const uint32_t> list(uint32_t code) const {
    return {vertical_.holders.get() + vertical_.begins[code],
            vertical_.begins[code + 1] - vertical_.begins[code]};
  }

  // Words of a row, of 64 baskets each.
  size_t words() const { return (vertical_.basket_count + 63) / 64; }
  // The row of an item, or null if it is rare or there is no room left. Stays where it is.
  const uint64_t* Row(uint32_t code);
  static bool Holds(const uint64_t* row, uint32_t basket) {
    return (row[basket / 64] >> (basket % 64) & 1) != 0;
  }

  // Cuts `baskets`, ascending, down to those on the list of `code`. O(baskets) logarithmic steps.
  void KeepListed(uint32_t code, std::vector<uint32_t>& baskets) const;

  // Of the rows that were made so far.
  size_t bytes() const { return bytes_; }

 private:
  // An item in fewer than one of so many baskets has no row.
  static constexpr size_t kSparse = 512;

  const Vertical& vertical_;
  const size_t max_bytes_;
  std::vector<std::vector<uint64_t>> rows_;  // By code; empty until it is made.
  size_t bytes_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HOLDER_ROWS_H_
