#ifndef CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_ITEMSET_BUFFER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_ITEMSET_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/base/large_memory.h"

namespace clustr::mining {

// Memory for itemsets that wait for delivery. A released chunk is reused, because the system takes
// longer to provide new pages than a search takes to fill them.
class ChunkPool {
 public:
  // 32-bit words of a usual chunk, which is one large page.
  static constexpr size_t kWords = size_t{1} << 19;
  struct Chunk {
    LargeArray<uint32_t> words;
    size_t size;
  };

  // A chunk of kWords words, or of `words` if that is more. Taking and releasing chunks is
  // thread-safe. The pool must outlive its chunks.
  std::shared_ptr<Chunk> Take(size_t words);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Chunk>> spare_;  // Guarded by mutex_.
};

// Part of a chunk that holds consecutive itemsets. Each is stored as its size, the low and the high
// half of its count, and its items.
struct ItemsetPiece {
  std::shared_ptr<ChunkPool::Chunk> chunk;
  size_t begin;
  size_t end;
};
using ItemsetPieces = std::vector<ItemsetPiece>;

size_t BytesOf(const ItemsetPieces& pieces);
// Puts all itemsets to `out`. Returns false as soon as `out` ends the search.
bool PutAll(const ItemsetPieces& pieces, ItemsetStream& out);

// The itemsets of one thread. Not thread-safe.
class ItemsetBuffer {
 public:
  explicit ItemsetBuffer(ChunkPool& pool) : pool_(pool) {}

  void Add(absl::Span<const Item> items, int64_t count) {
    const size_t words = 3 + items.size();
    if (chunk_ == nullptr || end_ + words > chunk_->size) Turn(words);
    uint32_t* const to = chunk_->words.data() + end_;
    to[0] = static_cast<uint32_t>(items.size());
    to[1] = static_cast<uint32_t>(count);
    to[2] = static_cast<uint32_t>(count >> 32);
    for (size_t i = 0; i < items.size(); ++i) to[3 + i] = items[i];
    end_ += words;
  }
  // Bytes added since the last TakePieces.
  size_t bytes() const { return (full_words_ + end_ - begin_) * sizeof(uint32_t); }
  // The itemsets that were added since the last TakePieces, in the order in which they were added.
  ItemsetPieces TakePieces();

 private:
  // Continues in a new chunk with room for `words` words.
  void Turn(size_t words);
  void Cut();

  ChunkPool& pool_;
  std::shared_ptr<ChunkPool::Chunk> chunk_;  // The chunk that is being filled.
  size_t begin_ = 0;                         // Begin in that chunk of what was not taken yet.
  size_t end_ = 0;
  ItemsetPieces full_;  // Pieces of earlier chunks that were not taken yet.
  size_t full_words_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_ITEMSET_BUFFER_H_
