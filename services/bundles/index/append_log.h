#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_APPEND_LOG_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_APPEND_LOG_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "absl/types/span.h"

namespace clustr::index {

// An array that only grows and whose elements never move: a fixed table of blocks, each twice as
// large as the one before.
//
// For one writer and any number of readers. A reader knows an element count that the writer handed
// over with synchronisation (as part of a published snapshot) and accesses no element at or beyond
// it. So nobody accesses a memory location that is still being written, and nothing here is atomic.
// size() and the modifiers are for the writer only.
template <typename T>
class AppendLog {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // The elements from i up to the next multiple of kAligned are contiguous.
  static constexpr uint64_t kAligned = 1024;

  AppendLog() = default;
  AppendLog(const AppendLog&) = delete;
  AppendLog& operator=(const AppendLog&) = delete;

  const T& operator[](uint64_t i) const { return *At(i); }
  T& operator[](uint64_t i) { return *At(i); }

  uint64_t size() const { return size_; }
  // True if the elements [begin, end) are contiguous. Requires begin < end.
  static bool Adjacent(uint64_t begin, uint64_t end) { return BlockOf(begin) == BlockOf(end - 1); }
  // Bytes of the elements. The rest of the last block is reserved but never touched.
  size_t memory_bytes() const { return size_ * sizeof(T); }

  void Append(const T& value) { *Extend(1) = value; }

  // Appends `values` contiguously and returns the index of the first one.
  uint64_t AppendRun(absl::Span<const T> values);

  // Appends `count` contiguous, uninitialised elements. If the current block has too little room,
  // skips the rest of it.
  T* Extend(uint64_t count);

 private:
  static int BlockOf(uint64_t i) { return std::bit_width(i / kAligned + 1) - 1; }
  static uint64_t Begin(int block) { return ((uint64_t{1} << block) - 1) * kAligned; }

  T* At(uint64_t i) const {
    const int block = BlockOf(i);
    return blocks_[block].get() + (i - Begin(block));
  }

  std::array<std::unique_ptr<T[]>, 40> blocks_;
  uint64_t size_ = 0;
};

template <typename T>
uint64_t AppendLog<T>::AppendRun(absl::Span<const T> values) {
  T* run = Extend(values.size());
  std::copy(values.begin(), values.end(), run);
  return size_ - values.size();
}

template <typename T>
T* AppendLog<T>::Extend(uint64_t count) {
  int block = BlockOf(size_);
  while (Begin(block + 1) - size_ < count) size_ = Begin(++block);
  if (blocks_[block] == nullptr) {
    blocks_[block] = std::make_unique_for_overwrite<T[]>(Begin(block + 1) - Begin(block));
  }
  T* run = blocks_[block].get() + (size_ - Begin(block));
  size_ += count;
  return run;
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_APPEND_LOG_H_
