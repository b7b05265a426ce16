#include "tools/clustr_mine/growing_array.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace clustr::mine {
namespace {

constexpr size_t kLargePage = size_t{2} << 20;  // On x86-64 and ARM.

}  // namespace

void GrowingMemory::Release::operator()(void* data) const {
  if (mapped_bytes == 0) {
    std::free(data);
  } else {
    munmap(data, mapped_bytes);
  }
}

size_t GrowingMemory::Grow(size_t used_bytes, size_t bytes) {
  if (bytes >= kLargePage) return GrowMapping(used_bytes, bytes);
  void* const moved = std::realloc(data_.get(), bytes);
  if (moved == nullptr) throw std::bad_alloc();
  static_cast<void>(data_.release());
  data_.reset(moved);
  return bytes;
}

// Maps whole large pages: the system aligns such a mapping so that all of it can be in large pages,
// and touching it for the first time costs a quarter.
size_t GrowingMemory::GrowMapping(size_t used_bytes, size_t bytes) {
  bytes = (bytes + kLargePage - 1) / kLargePage * kLargePage;
  const size_t mapped_bytes = data_.get_deleter().mapped_bytes;
  void* const moved = mapped_bytes > 0 ? mremap(data_.get(), mapped_bytes, bytes, MREMAP_MAYMOVE)
                                       : mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (moved == MAP_FAILED) throw std::bad_alloc();
  if (mapped_bytes > 0) {
    static_cast<void>(data_.release());
  } else if (used_bytes > 0) {
    std::memcpy(moved, data_.get(), used_bytes);
  }
  data_ = std::unique_ptr<void, Release>(moved, Release{bytes});
  madvise(moved, bytes, MADV_HUGEPAGE);
  return bytes;
}

}  // namespace clustr::mine
