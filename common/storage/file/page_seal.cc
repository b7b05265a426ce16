#include "common/storage/file/page_seal.h"

#include <algorithm>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace clustr::storage {
namespace {

// A page whose last bytes were lost has zeros before its seal as well. SQLite fills pages from the
// end, so a page in use has not.
constexpr size_t kEndBytes = 64;

uint64_t StoredSeal(absl::Span<const uint8_t> page) {
  uint64_t seal;
  std::memcpy(&seal, page.data() + page.size() - kSealBytes, sizeof(seal));
  return seal;
}

uint64_t Hash(absl::Span<const uint8_t> bytes, uint32_t number) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), number);
}

absl::Span<const uint8_t> BehindHeader(absl::Span<const uint8_t> page) {
  return page.subspan(kFileHeaderBytes, page.size() - kFileHeaderBytes - kSealBytes);
}

// Never zero, which stands for a page without a seal.
uint64_t ComputedSeal(uint32_t number, absl::Span<const uint8_t> page) {
  uint64_t seal;
  if (number == 1) {
    seal = Hash(page.first(kFileHeaderBytes), 1) << 32 | Hash(BehindHeader(page), 1) >> 32;
  } else {
    seal = Hash(page.first(page.size() - kSealBytes), number);
  }
  return seal == 0 ? 1 : seal;
}

bool AllZero(absl::Span<const uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
}

}  // namespace

bool HasRoomForSeals(absl::Span<const uint8_t> header) {
  constexpr size_t kReservedBytes = 20;
  return header[kReservedBytes] == kSealBytes;
}

void SealPage(uint32_t number, absl::Span<uint8_t> page) {
  const uint64_t seal = ComputedSeal(number, page);
  std::memcpy(page.data() + page.size() - kSealBytes, &seal, sizeof(seal));
}

PageState StateOfPage(uint32_t number, absl::Span<const uint8_t> page) {
  const uint64_t seal = StoredSeal(page);
  if (seal == ComputedSeal(number, page)) return PageState::kSealed;
  if (seal != 0) return PageState::kDamaged;
  if (!AllZero(page.last(kSealBytes + kEndBytes))) return PageState::kUnsealed;
  return AllZero(page) ? PageState::kZero : PageState::kDamaged;
}

bool SealHoldsBehindHeader(absl::Span<const uint8_t> page) {
  return static_cast<uint32_t>(StoredSeal(page)) ==
         static_cast<uint32_t>(Hash(BehindHeader(page), 1) >> 32);
}

}  // namespace clustr::storage
