#include "services/bundles/index/posting_lists.h"

namespace clustr::index {

void PostingLists::AddChunk(PostingList& list) {
  const uint32_t capacity = std::clamp<uint32_t>(list.size / 2, 4, 1 << 16);
  const uint32_t id = static_cast<uint32_t>(chunks_.size());
  (list.size == 0 ? list.first_chunk : chunks_[list.last_chunk].next) = id;
  chunks_.Append({slots_.Extend(capacity), list.size, capacity, 0});
  list.last_chunk = id;
}

}  // namespace clustr::index
