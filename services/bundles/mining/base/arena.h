#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_ARENA_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "services/bundles/mining/base/large_memory.h"

namespace clustr::mining {

// A stack of arrays for a depth-first search. Arrays are taken at the end and given back down to a
// mark; no memory is freed in between, so a recursion that has warmed up allocates nothing. Not
// thread-safe.
class Arena {
 public:
  // Every array begins at a multiple of this, and its owner may read and write up to the next
  // multiple behind its end.
  static constexpr size_t kAlignment = 64;

  struct Mark {
    size_t block;
    size_t used;
  };

  Mark mark() const { return {block_, used_}; }
  // Gives back everything that was allocated since `mark`.
  void Release(Mark mark) {
    block_ = mark.block;
    used_ = mark.used;
  }

  // An uninitialised array of `count` values of a trivial type.
  template <typename T>
  T* Allocate(size_t count) {
    const size_t bytes = (count * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
    if (blocks_.empty() || used_ + bytes > blocks_[block_].size) TakeBlock(bytes);
    std::byte* const begin = blocks_[block_].bytes.get() + used_;
    used_ += bytes;
    return reinterpret_cast<T*>(begin);
  }

  size_t memory_bytes() const { return memory_bytes_; }

 private:
  static constexpr size_t kMinBlock = size_t{1} << 18;

  struct Block {
    LargeMemory bytes;
    size_t size;
  };

  // Continues in a block of at least `bytes`: the first free block that is large enough, or a new
  // one that replaces all free blocks. A new block is larger than requested, so that a search whose
  // projections grow little by little does not allocate a block for each.
  void TakeBlock(size_t bytes) {
    const size_t next = blocks_.empty() ? 0 : block_ + 1;
    size_t fits = next;
    while (fits < blocks_.size() && blocks_[fits].size < bytes) ++fits;
    if (fits == blocks_.size()) {
      for (size_t i = next; i < blocks_.size(); ++i) memory_bytes_ -= blocks_[i].size;
      blocks_.resize(next);
      const size_t size = std::max(bytes + bytes / 4 / kAlignment * kAlignment, kMinBlock);
      blocks_.push_back({AllocateLarge(size), size});
      memory_bytes_ += size;
      fits = next;
    }
    std::swap(blocks_[next], blocks_[fits]);
    block_ = next;
    used_ = 0;
  }

  std::vector<Block> blocks_;
  size_t block_ = 0;  // The block that is being filled. Those behind it are free.
  size_t used_ = 0;   // Bytes used in that block.
  size_t memory_bytes_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_ARENA_H_
