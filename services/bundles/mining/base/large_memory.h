#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_LARGE_MEMORY_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_LARGE_MEMORY_H_

#include <cstddef>
#include <memory>

namespace clustr::mining {

struct FreeLargeMemory {
  void operator()(std::byte* bytes) const;
};
using LargeMemory = std::unique_ptr<std::byte[], FreeLargeMemory>;

// Uninitialised memory that begins at a multiple of 64 bytes. From 2 MiB on it asks the system for
// large pages, which save a search with random accesses a tenth of its time. Pages that are never
// touched take no memory. Throws std::bad_alloc.
LargeMemory AllocateLarge(size_t bytes);

// An uninitialised array of a trivial type in such memory.
template <class T>
class LargeArray {
 public:
  LargeArray() = default;
  explicit LargeArray(size_t size) : memory_(AllocateLarge(size * sizeof(T))) {}

  T* data() { return reinterpret_cast<T*>(memory_.get()); }
  const T* data() const { return reinterpret_cast<const T*>(memory_.get()); }

 private:
  LargeMemory memory_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_LARGE_MEMORY_H_
