#ifndef CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

#include "absl/types/span.h"

namespace clustr::mine {

// An array of trivial values that takes millions of them one by one. Unlike std::vector it does not
// copy when it grows beyond 2 MB, nor write what it reserves: memory that was reserved and not used
// is never touched, but for what is left of a page of 2 MB. Not thread-safe.
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
  static constexpr size_t kLarge = size_t{2} << 20;  // A large page of x86-64 and ARM.

  struct Release {
    size_t mapped_bytes = 0;  // 0 if malloc gave the memory.
    void operator()(T* values) const {
      if (mapped_bytes == 0) {
        std::free(values);
      } else {
        munmap(values, mapped_bytes);
      }
    }
  };

  void Reserve(size_t count) {
    if (count * sizeof(T) >= kLarge) {
      Map((count * sizeof(T) + kLarge - 1) / kLarge * kLarge);
    } else if (count > 0) {
      void* const moved = std::realloc(values_.get(), count * sizeof(T));
      if (moved == nullptr) throw std::bad_alloc();
      static_cast<void>(values_.release());
      values_.reset(static_cast<T*>(moved));
      reserved_ = count;
    }
  }

  // Whole large pages: the system puts those where they begin, so that all of it can be in large
  // pages, and touching them for the first time costs a quarter.
  void Map(size_t bytes) {
    const size_t mapped_bytes = values_.get_deleter().mapped_bytes;
    void* const moved =
        mapped_bytes > 0
            ? mremap(values_.get(), mapped_bytes, bytes, MREMAP_MAYMOVE)
            : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (moved == MAP_FAILED) throw std::bad_alloc();
    if (mapped_bytes > 0) {
      static_cast<void>(values_.release());
    } else {
      std::copy(begin(), end(), static_cast<T*>(moved));
    }
    values_ = std::unique_ptr<T, Release>(static_cast<T*>(moved), Release{bytes});
    reserved_ = bytes / sizeof(T);
    madvise(moved, bytes, MADV_HUGEPAGE);
  }

  std::unique_ptr<T, Release> values_;
  size_t size_ = 0;
  size_t reserved_ = 0;
};

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_
