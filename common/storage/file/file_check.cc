#include "common/storage/file/file_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/storage/file/page_seal.h"

// The format of the file is described in https://sqlite.org/fileformat.html.
namespace clustr::storage {
namespace {

constexpr size_t kPageBytesAt = 16;
constexpr size_t kReservedBytesAt = 20;
constexpr size_t kChangeCounterAt = 24;
constexpr size_t kPagesAt = 28;
constexpr size_t kFirstFreePageAt = 32;
constexpr size_t kEncodingAt = 56;
constexpr size_t kCounterOfPagesAt = 92;
// SQLite never uses the page that holds this byte; it locks bytes of it.
constexpr uint64_t kLockByte = 1 << 30;

uint32_t Number(const std::vector<uint8_t>& bytes, size_t at) {
  return static_cast<uint32_t>(bytes[at]) << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 |
         bytes[at + 3];
}

bool ReadAt(int file, uint64_t offset, std::vector<uint8_t>* bytes) {
  return pread(file, bytes->data(), bytes->size(), static_cast<off_t>(offset)) ==
         static_cast<ssize_t>(bytes->size());
}

FileState Damaged(std::string damage) {
  FileState state;
  state.damage = std::move(damage);
  return state;
}

FileState OfKind(FileKind kind) {
  FileState state;
  state.kind = kind;
  return state;
}

// The kind of a file with this first page.
FileState KindOf(std::vector<uint8_t> page) {
  if (!HasRoomForSeals(page)) {
    page[kReservedBytesAt] = kSealBytes;
    return StateOfPage(1, page) == PageState::kSealed ? Damaged("its header is not as it was")
                                                      : OfKind(FileKind::kPlain);
  }
  switch (StateOfPage(1, page)) {
    case PageState::kSealed:
      return OfKind(FileKind::kSealed);
    case PageState::kDamaged:
      if (!SealHoldsBehindHeader(page)) return Damaged("page 1 does not have its checksum");
      break;
    case PageState::kUnsealed:
    case PageState::kZero:
      break;
  }
  constexpr uint32_t kUtf8 = 1;
  if (Number(page, kEncodingAt) != kUtf8) return Damaged("its header is not as it was");
  return OfKind(FileKind::kCopied);
}

}  // namespace

bool IsDatabase(int file) {
  std::vector<uint8_t> start(16);
  return ReadAt(file, 0, &start) && std::memcmp(start.data(), "SQLite format 3", 16) == 0;
}

FileState InspectFile(int file) {
  std::vector<uint8_t> header(kFileHeaderBytes);
  if (!ReadAt(file, 0, &header)) return Damaged("it is cut off");
  uint32_t page_bytes = header[kPageBytesAt] << 8 | header[kPageBytesAt + 1];
  if (page_bytes == 1) page_bytes = 65536;
  if (page_bytes < 512 || (page_bytes & (page_bytes - 1)) != 0) {
    return Damaged("its header is not as it was");
  }
  std::vector<uint8_t> page(page_bytes);
  struct stat about;
  const uint64_t size = fstat(file, &about) == 0 ? about.st_size : 0;
  const bool counted = Number(header, kChangeCounterAt) == Number(header, kCounterOfPagesAt);
  const uint64_t wanted = counted ? uint64_t{Number(header, kPagesAt)} * page_bytes : page_bytes;
  if (size < wanted || size % page_bytes != 0 || !ReadAt(file, 0, &page)) {
    return Damaged(absl::StrCat("it is cut off: it has ", size, " bytes instead of ", wanted));
  }
  FileState state = KindOf(std::move(page));
  state.page_bytes = page_bytes;
  state.pages = static_cast<uint32_t>(size / page_bytes);
  return state;
}

bool PageScan::ReadPage(uint32_t number) {
  return ReadAt(file_, uint64_t{number - 1} * state_.page_bytes, &page_);
}

bool PageScan::Step() {
  constexpr uint32_t kPagesOfStep = 256;
  for (uint32_t i = 0; i < kPagesOfStep && next_ <= state_.pages && damage_.empty(); ++i) {
    CheckPage(next_++);
  }
  if (damage_.empty() && next_ <= state_.pages) return true;
  if (damage_.empty()) CheckZeroPages();
  return false;
}

void PageScan::CheckPage(uint32_t number) {
  if (number == kLockByte / state_.page_bytes + 1) return;
  constexpr int kAttempts = 5;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    // A page that is being written may be read half new.
    if (attempt > 0) absl::SleepFor(absl::Milliseconds(20));
    if (!ReadPage(number)) continue;
    const PageState found = StateOfPage(number, page_);
    if (found == PageState::kZero) zero_pages_.push_back(number);
    if (found != PageState::kDamaged) return;
    const bool has_no_seal =
        std::all_of(page_.end() - kSealBytes, page_.end(), [](uint8_t byte) { return byte == 0; });
    if (state_.kind == FileKind::kCopied && (number == 1 || has_no_seal)) return;
  }
  damage_ = absl::StrCat("page ", number, " does not have its checksum");
}

void PageScan::CheckZeroPages() {
  if (zero_pages_.empty() || !ReadPage(1)) return;
  // Each page of the list holds the number of the next one, a count, and that many numbers.
  absl::flat_hash_set<uint32_t> free;
  uint32_t next = Number(page_, kFirstFreePageAt);
  while (next != 0 && free.insert(next).second && ReadPage(next)) {
    const size_t count = std::min<size_t>(Number(page_, 4), state_.page_bytes / 4 - 2);
    for (size_t i = 0; i < count; ++i) free.insert(Number(page_, 8 + 4 * i));
    next = Number(page_, 0);
  }
  for (const uint32_t number : zero_pages_) {
    if (free.contains(number)) continue;
    damage_ = absl::StrCat("page ", number, " is empty");
    return;
  }
}

}  // namespace clustr::storage
