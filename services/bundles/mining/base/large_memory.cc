#include "services/bundles/mining/base/large_memory.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace clustr::mining {

void FreeLargeMemory::operator()(std::byte* bytes) const { std::free(bytes); }

LargeMemory AllocateLarge(size_t bytes) {
  constexpr size_t kLine = 64;
  constexpr size_t kLargePage = size_t{2} << 20;
  const size_t alignment = bytes < kLargePage ? kLine : kLargePage;
  const size_t size = (std::max<size_t>(bytes, 1) + kLine - 1) / kLine * kLine;
  // std::aligned_alloc requires a multiple of the alignment. The rest is never touched and takes no
  // memory.
  void* const memory =
      std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
  // Only whole large pages are advised, so that the last one is not rounded up.
  if (alignment == kLargePage) madvise(memory, size / kLargePage * kLargePage, MADV_HUGEPAGE);
#endif
  return LargeMemory(static_cast<std::byte*>(memory));
}

}  // namespace clustr::mining
