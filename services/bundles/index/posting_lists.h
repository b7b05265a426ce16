#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_POSTING_LISTS_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_POSTING_LISTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/bundles/index/append_log.h"

namespace clustr::index {

// The place of a basket in a BasketLog, in order of arrival.
using Slot = uint32_t;

// One append-only list of slots inside PostingLists. A copy is a list that ends where it was
// copied.
struct PostingList {
  uint32_t first_chunk = 0;  // Meaningful if size > 0.
  uint32_t last_chunk = 0;
  uint32_t size = 0;
};

// Many append-only lists of slots in shared memory that never moves. Threads: see AppendLog; a
// reader needs a PostingList that was handed over with synchronisation.
class PostingLists {
 public:
  void Append(PostingList& list, Slot slot) {
    if (list.size == 0 || list.size == EndOf(list.last_chunk)) AddChunk(list);
    const Chunk& chunk = chunks_[list.last_chunk];
    chunk.slots[list.size++ - chunk.begin] = slot;
  }

  // Hands the entries [begin, end) of the list that starts at `first_chunk` to
  // `run(absl::Span<const Slot>)`, in order, in as few contiguous runs as there are.
  template <typename Run>
  void ForEachRun(uint32_t first_chunk, uint32_t begin, uint32_t end, Run run) const {
    for (uint32_t id = first_chunk; begin < end;) {
      const Chunk& chunk = chunks_[id];
      const uint32_t chunk_end = chunk.begin + chunk.capacity;
      if (begin < chunk_end) {
        const uint32_t stop = std::min(end, chunk_end);
        run(absl::MakeConstSpan(chunk.slots + (begin - chunk.begin), stop - begin));
        begin = stop;
      }
      // Only then: the last chunk's `next` may be written meanwhile.
      if (begin < end) id = chunk.next;
    }
  }

  size_t memory_bytes() const { return slots_.memory_bytes() + chunks_.memory_bytes(); }

 private:
  struct Chunk {
    Slot* slots;
    uint32_t begin;  // Entries of the list in the chunks before.
    uint32_t capacity;
    uint32_t next;  // Set once the list goes on.
  };

  uint32_t EndOf(uint32_t chunk) const { return chunks_[chunk].begin + chunks_[chunk].capacity; }

  // Lists grow by half: a fifth is empty on average, and an entry is found in O(log size) hops.
  void AddChunk(PostingList& list) {
    const uint32_t capacity = std::clamp<uint32_t>(list.size / 2, 4, 1 << 16);
    const uint32_t id = static_cast<uint32_t>(chunks_.size());
    (list.size == 0 ? list.first_chunk : chunks_[list.last_chunk].next) = id;
    chunks_.Append({slots_.Extend(capacity), list.size, capacity, 0});
    list.last_chunk = id;
  }

  AppendLog<Slot> slots_;
  AppendLog<Chunk> chunks_;
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_POSTING_LISTS_H_
