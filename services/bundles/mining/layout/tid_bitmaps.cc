#include "services/bundles/mining/layout/tid_bitmaps.h"

#include <algorithm>

namespace clustr::mining {

const uint64_t* TidBitmaps::Bitmap(uint32_t code) {
  std::vector<uint64_t>& bitmap = bitmaps_[code];
  if (!bitmap.empty()) return bitmap.data();
  const absl::Span<const uint32_t> tids = TidList(code);
  const size_t size = words() * sizeof(uint64_t);
  if (tids.size() * kSparse < tid_lists_.basket_count || bytes_ + size > max_bytes_) {
    return nullptr;
  }
  bytes_ += size;
  bitmap.assign(words(), 0);
  for (const uint32_t tid : tids) bitmap[tid / 64] |= uint64_t{1} << (tid % 64);
  return bitmap.data();
}

void TidBitmaps::IntersectWithList(uint32_t code, std::vector<uint32_t>& tids) const {
  size_t kept = 0;
  const absl::Span<const uint32_t> list = TidList(code);
  const uint32_t* at = list.begin();
  for (const uint32_t tid : tids) {
    // Galloping search: the next match is near unless the lists differ greatly in length.
    size_t step = 1;
    const auto ahead = static_cast<size_t>(list.end() - at);
    while (step < ahead && at[step] < tid) step *= 2;
    at = std::lower_bound(at, at + std::min(step + 1, ahead), tid);
    if (at == list.end()) break;
    if (*at == tid) tids[kept++] = tid;
  }
  tids.resize(kept);
}

}  // namespace clustr::mining
