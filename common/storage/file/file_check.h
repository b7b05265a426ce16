#ifndef CLUSTR_COMMON_STORAGE_FILE_FILE_CHECK_H_
#define CLUSTR_COMMON_STORAGE_FILE_FILE_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

// Reads database files as they lie on the disk, without SQLite. All of their pages must be in them:
// nothing may be left in the -wal file. Files are given by a descriptor, which is borrowed: closing
// one would release the locks that SQLite holds on the file.
namespace clustr::storage {

enum class FileKind {
  kSealed,  // Every page has its seal.
  kCopied,  // A copy that another program made of a sealed file: some pages are not sealed.
  kPlain,   // Without seals: an earlier version wrote it, or another program did.
  kDamaged,
};

struct FileState {
  FileKind kind = FileKind::kDamaged;
  std::string damage;  // What is wrong with a damaged file.
  uint32_t page_bytes = 0;
  uint32_t pages = 0;
};

// True if the file begins as every database does.
bool IsDatabase(int file);

// Looks at the size of the file and at its first page.
FileState InspectFile(int file);

// Checks the seals of a file page by page. Pages may be written at the same time. Not thread-safe.
class PageScan {
 public:
  PageScan(int file, const FileState& state)
      : state_(state), file_(file), page_(state.page_bytes) {}

  // Checks the next pages, about a megabyte; false if there are no more, or if damage was found.
  bool Step();

  uint32_t checked() const { return next_ - 1; }
  // What is wrong; empty if nothing was found.
  const std::string& damage() const { return damage_; }

 private:
  bool ReadPage(uint32_t number);
  void CheckPage(uint32_t number);
  // Reports pages of zeros that are not free.
  void CheckZeroPages();

  const FileState state_;
  const int file_;
  std::vector<uint8_t> page_;
  std::vector<uint32_t> zero_pages_;
  uint32_t next_ = 1;
  std::string damage_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_FILE_CHECK_H_
