#include "services/bundles/mining/layout/holder_rows.h"

#include <algorithm>

namespace clustr::mining {

const uint64_t* HolderRows::Row(uint32_t code) {
  std::vector<uint64_t>& row = rows_[code];
  if (!row.empty()) return row.data();
  const absl::Span<const uint32_t> holders = list(code);
  const size_t size = words() * sizeof(uint64_t);
  if (holders.size() * kSparse < vertical_.basket_count || bytes_ + size > max_bytes_) {
    return nullptr;
  }
  bytes_ += size;
  row.assign(words(), 0);
  for (const uint32_t basket : holders) row[basket / 64] |= uint64_t{1} << (basket % 64);
  return row.data();
}

void HolderRows::KeepListed(uint32_t code, std::vector<uint32_t>& baskets) const {
  size_t kept = 0;
  const absl::Span<const uint32_t> holders = list(code);
  const uint32_t* at = holders.begin();
  for (const uint32_t basket : baskets) {
    // Doubling steps: the next holder is near unless the lists differ in length.
    size_t step = 1;
    const auto ahead = static_cast<size_t>(holders.end() - at);
    while (step < ahead && at[step] < basket) step *= 2;
    at = std::lower_bound(at, at + std::min(step + 1, ahead), basket);
    if (at == holders.end()) break;
    if (*at == basket) baskets[kept++] = basket;
  }
  baskets.resize(kept);
}

}  // namespace clustr::mining
