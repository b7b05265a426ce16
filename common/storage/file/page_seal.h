#ifndef CLUSTR_COMMON_STORAGE_FILE_PAGE_SEAL_H_
#define CLUSTR_COMMON_STORAGE_FILE_PAGE_SEAL_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

// The last 8 bytes of each page of a database file are its seal: a hash of the rest of the page and
// of the number of the page. SQLite keeps these bytes free ("reserved bytes") and copies them with
// the page. A page whose seal does not hold was damaged, or written by another program.
namespace clustr::storage {

inline constexpr int kSealBytes = 8;

// Bytes of the header of the file, at the start of page 1.
inline constexpr size_t kFileHeaderBytes = 100;

enum class PageState {
  kSealed,    // The seal holds.
  kUnsealed,  // Its seal is zero: another program copied the page from the -wal file, where pages
              // have no seal yet. Its contents cannot be checked.
  kZero,      // Every byte is zero. Only a page that is on the list of free pages may be so.
  kDamaged,   // The seal does not hold.
};

// True if a file whose page 1 begins with `header` (at least 21 bytes) has room for seals.
bool HasRoomForSeals(absl::Span<const uint8_t> header);

// Writes the seal of page `number` (from 1) into the last 8 bytes of `page`.
void SealPage(uint32_t number, absl::Span<uint8_t> page);

PageState StateOfPage(uint32_t number, absl::Span<const uint8_t> page);

// True if page 1 has the seal of its part behind the header. Only the header differs after another
// program has made a copy with the backup function of SQLite.
bool SealHoldsBehindHeader(absl::Span<const uint8_t> page);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_PAGE_SEAL_H_
