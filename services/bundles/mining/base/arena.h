#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_ARENA_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "services/bundles/mining/base/large_memory.h"

namespace clustr::mining {

// Memory of a depth-first search: taken at the end, given back to a mark, never freed in between,
// so that a recursion that has warmed up allocates nothing. Not thread-safe.
class Arena {
 public:
  // Every array begins at a multiple of this, and may be read and written up to the next one.
  static constexpr size_t kAlignment = 64;

  struct Mark {
    size_t block;
    size_t used;
  };

  Mark mark() const { return {block_, used_}; }
  // Everything taken since `mark` is free again.
  void Release(Mark mark) {
    block_ = mark.block;
    used_ = mark.used;
  }

  // Uninitialised, for `count` values of a trivial type.
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

  // Goes on in a block of at least `bytes`: one of those behind the current one, which are free, or
  // a new one instead of them all. A new one is larger than asked for, so that a search whose
  // projections grow bit by bit does not take a block for each.
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
  size_t block_ = 0;  // The one that is being filled; those behind it are free.
  size_t used_ = 0;   // Of that block.
  size_t memory_bytes_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_ARENA_H_
