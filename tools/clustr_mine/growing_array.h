#ifndef CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>

#include "absl/types/span.h"

namespace clustr::mine {

// The memory of a GrowingArray: from malloc below 2 MB, mapped above. Not thread-safe.
class GrowingMemory {
 public:
  void* data() const { return data_.get(); }

  // Makes room for at least `bytes`, more than before, and keeps the first `used_bytes`. Returns
  // the number of bytes that there is room for. Throws std::bad_alloc.
  size_t Grow(size_t used_bytes, size_t bytes);

 private:
  struct Release {
    size_t mapped_bytes;  // 0 at first, and if the memory is from malloc.
    void operator()(void* data) const;
  };

  size_t GrowMapping(size_t used_bytes, size_t bytes);

  std::unique_ptr<void, Release> data_;
};

// An array of trivial values to which millions are appended. Unlike std::vector it neither copies
// when it grows beyond 2 MB nor writes to memory that it reserves: except for the rest of a 2 MB
// page, memory that is reserved but unused is never touched. Movable. Not thread-safe.
template <typename T>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit GrowingArray(size_t reserved = 0);

  size_t size() const { return size_; }
  T* data() { return values(); }
  T* begin() { return values(); }
  T* end() { return values() + size_; }
  operator absl::Span<const T>() const { return {values(), size_}; }

  // Appends one value. Amortized O(1).
  void Add(T value);

  // Makes room for `count` values after end() and returns end(). The caller writes there, and then
  // calls Fill with the end of what it wrote.
  T* Room(size_t count);
  void Fill(const T* end) { size_ = static_cast<size_t>(end - values()); }

 private:
  T* values() const { return static_cast<T*>(memory_.data()); }
  void Reserve(size_t count);

  GrowingMemory memory_;
  size_t size_ = 0;
  size_t reserved_ = 0;
};

template <typename T>
GrowingArray<T>::GrowingArray(size_t reserved) {
  if (reserved > 0) Reserve(reserved);
}

template <typename T>
void GrowingArray<T>::Add(T value) {
  if (size_ == reserved_) Reserve(std::max<size_t>(64, reserved_ + reserved_ / 2));
  values()[size_++] = value;
}

template <typename T>
T* GrowingArray<T>::Room(size_t count) {
  if (size_ + count > reserved_) Reserve(size_ + count + reserved_ / 2);
  return end();
}

template <typename T>
void GrowingArray<T>::Reserve(size_t count) {
  reserved_ = memory_.Grow(size_ * sizeof(T), count * sizeof(T)) / sizeof(T);
}

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_GROWING_ARRAY_H_
