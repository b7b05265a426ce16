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

// Memory for itemsets that wait: kept for the next when nobody holds it any more, because the
// system takes longer to give new pages than a search to fill them.
class ChunkPool {
 public:
  static constexpr size_t kWords = size_t{1} << 19;  // Of 32 bits: a large page.
  struct Chunk {
    LargeArray<uint32_t> words;
    size_t size;
  };

  // Of kWords or, if that is more, `words` words. Thread-safe, as is letting go of it; the pool
  // must outlive it.
  std::shared_ptr<Chunk> Take(size_t words);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Chunk>> spare_;  // Guarded by mutex_.
};

// Itemsets in a row: of each its size, the low and the high half of its count, and its items.
struct ItemsetPiece {
  std::shared_ptr<ChunkPool::Chunk> chunk;
  size_t begin;
  size_t end;
};
using ItemsetPieces = std::vector<ItemsetPiece>;

size_t BytesOf(const ItemsetPieces& pieces);
// Puts all of them to `out`, until that wants no more: false.
bool PutAll(const ItemsetPieces& pieces, ItemsetStream& out);

// Itemsets of one thread. Not thread-safe.
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
  // Of what was added since the last TakePieces.
  size_t bytes() const { return (full_words_ + end_ - begin_) * sizeof(uint32_t); }
  // That, in the order in which it was added.
  ItemsetPieces TakePieces();

 private:
  // Goes on in a new chunk, with room for so many words.
  void Turn(size_t words);
  void Cut();

  ChunkPool& pool_;
  std::shared_ptr<ChunkPool::Chunk> chunk_;  // The one that is being filled.
  size_t begin_ = 0;                         // Of what was not taken, in that.
  size_t end_ = 0;
  ItemsetPieces full_;  // What was not taken of chunks before.
  size_t full_words_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_ITEMSET_BUFFER_H_
