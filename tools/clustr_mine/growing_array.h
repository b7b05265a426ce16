#ifndef CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

#include "absl/types/span.h"

namespace clustr::mine {

// An array of trivial values that takes millions of them one by one. Unlike std::vector it neither
// copies when it grows, where the system can map large memory to another place, nor writes what it
// reserves: memory that was reserved and not used is never touched. Not thread-safe.
template <typename T>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit GrowingArray(size_t reserved = 0) { Reserve(reserved); }

  size_t size() const { return size_; }
  T* data() { return values_.get(); }
  T* begin() { return values_.get(); }
  T* end() { return values_.get() + size_; }
  operator absl::Span<const T>() const { return {values_.get(), size_}; }

  void Add(T value) {
    if (size_ == reserved_) Reserve(std::max<size_t>(64, reserved_ + reserved_ / 2));
    values_.get()[size_++] = value;
  }
  // Makes room for `count` values behind end(), which is returned: to be written there, and then
  // taken over by Fill.
  T* Room(size_t count) {
    if (size_ + count > reserved_) Reserve(size_ + count + reserved_ / 2);
    return end();
  }
  void Fill(const T* end) { size_ = static_cast<size_t>(end - values_.get()); }

 private:
  static constexpr size_t kLarge = size_t{2} << 20;
  static constexpr uintptr_t kPageMask = 4095;

  struct Free {
    void operator()(T* values) const { std::free(values); }
  };

  void Reserve(size_t count) {
    if (count == 0) return;
    void* const moved = std::realloc(values_.get(), count * sizeof(T));
    if (moved == nullptr) throw std::bad_alloc();
    static_cast<void>(values_.release());
    values_.reset(static_cast<T*>(moved));
    reserved_ = count;
    if (count * sizeof(T) >= kLarge) {
      // Touching memory for the first time costs a quarter in pages of 2 MB.
      void* const page = reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(moved) & ~kPageMask);
      madvise(page, count * sizeof(T), MADV_HUGEPAGE);
    }
  }

  std::unique_ptr<T, Free> values_;
  size_t size_ = 0;
  size_t reserved_ = 0;
};

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_
