#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_POSTING_LISTS_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_POSTING_LISTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/bundles/index/append_log.h"

namespace clustr::index {

// The position of a basket in a BasketLog, in order of arrival.
using Slot = uint32_t;

// Handle of one append-only list of slots inside PostingLists. A copy of the handle keeps denoting
// the list as it was when it was copied.
struct PostingList {
  uint32_t first_chunk = 0;  // Meaningful if size > 0.
  uint32_t last_chunk = 0;
  uint32_t size = 0;
};

// Many append-only lists of slots in shared memory that never moves. For threads see AppendLog: a
// reader needs a PostingList that was handed over with synchronisation.
class PostingLists {
 public:
  void Append(PostingList& list, Slot slot) {
    if (list.size == 0 || list.size == EndOf(list.last_chunk)) AddChunk(list);
    const Chunk& chunk = chunks_[list.last_chunk];
    chunk.slots[list.size++ - chunk.begin] = slot;
  }

  // Passes the entries [begin, end) of the list that starts at `first_chunk` to
  // `run(absl::Span<const Slot>)`, in order, one call per contiguous run.
  template <typename Run>
  void ForEachRun(uint32_t first_chunk, uint32_t begin, uint32_t end, Run run) const;

  size_t memory_bytes() const { return slots_.memory_bytes() + chunks_.memory_bytes(); }

 private:
  struct Chunk {
    Slot* slots;
    uint32_t begin;  // Number of entries of the list in the chunks before this one.
    uint32_t capacity;
    uint32_t next;  // Set once the list continues in another chunk.
  };

  uint32_t EndOf(uint32_t chunk) const { return chunks_[chunk].begin + chunks_[chunk].capacity; }

  // Adds a chunk of half the list's size. So a fifth of the memory is unused on average, and
  // finding an entry takes O(log size) hops.
  void AddChunk(PostingList& list);

  AppendLog<Slot> slots_;
  AppendLog<Chunk> chunks_;
};

template <typename Run>
void PostingLists::ForEachRun(uint32_t first_chunk, uint32_t begin, uint32_t end, Run run) const {
  for (uint32_t id = first_chunk; begin < end;) {
    const Chunk& chunk = chunks_[id];
    const uint32_t chunk_end = chunk.begin + chunk.capacity;
    if (begin < chunk_end) {
      const uint32_t stop = std::min(end, chunk_end);
      run(absl::MakeConstSpan(chunk.slots + (begin - chunk.begin), stop - begin));
      begin = stop;
    }
    // Reads `next` only if it is needed: that of the last chunk may be written concurrently.
    if (begin < end) id = chunk.next;
  }
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_POSTING_LISTS_H_
