#include "common/storage/file/sealing_vfs.h"

#include <sqlite3.h>

#include <cstring>
#include <filesystem>
#include <new>
#include <system_error>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/storage/file/page_gap.h"
#include "common/storage/file/page_seal.h"

namespace clustr::storage {
namespace {

constexpr size_t kMinPageBytes = 512;
constexpr size_t kMaxPageBytes = 65536;

// The database files of this process of which a sync has failed, by their full paths.
class FailedSyncs {
 public:
  void Add(const std::string& path) {
    absl::MutexLock lock(&mutex_);
    paths_.insert(path);
  }
  void Remove(const std::string& path) {
    absl::MutexLock lock(&mutex_);
    paths_.erase(path);
  }
  bool Has(const std::string& path) {
    absl::MutexLock lock(&mutex_);
    return paths_.contains(path);
  }

 private:
  absl::Mutex mutex_;
  absl::flat_hash_set<std::string> paths_ ABSL_GUARDED_BY(mutex_);
};

FailedSyncs& Failed() {
  static auto* const failed = new FailedSyncs;
  return *failed;
}

// As SQLite names the file.
std::string FullPath(const std::string& path) {
  std::error_code error;
  const std::filesystem::path full = std::filesystem::canonical(path, error);
  return error ? path : full.string();
}

// A database file. SQLite allocates it with room for the file of the VFS below behind it.
struct SealedFile {
  sqlite3_file base;
  bool has_room;     // The file has room for seals, as far as its name or its page 1 was seen.
  Damage* damage;    // Null: seals are not checked.
  const char* path;  // Valid until the file is closed.
};

sqlite3_vfs* Below(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

sqlite3_file* Below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(SealedFile));
}

SealedFile& Own(sqlite3_file* file) { return *reinterpret_cast<SealedFile*>(file); }

// SQLite reads and writes whole pages, and small parts of the header of the file.
bool IsPage(int bytes, sqlite3_int64 offset) {
  const auto size = static_cast<size_t>(bytes);
  return size >= kMinPageBytes && size <= kMaxPageBytes && offset % bytes == 0;
}

uint32_t PageNumber(int bytes, sqlite3_int64 offset) {
  return static_cast<uint32_t>(offset / bytes + 1);
}

void SeeHeader(SealedFile& file, const uint8_t* data, int bytes, sqlite3_int64 offset) {
  if (offset == 0 && static_cast<size_t>(bytes) >= kFileHeaderBytes) {
    file.has_room = HasRoomForSeals({data, static_cast<size_t>(bytes)});
  }
}

// A zero page passes here: SQLite may read one that is free, and refuses it in any other place.
int CheckPage(SealedFile& file, uint32_t number, absl::Span<const uint8_t> page) {
  if (file.damage == nullptr || StateOfPage(number, page) != PageState::kDamaged) return SQLITE_OK;
  file.damage->Report(absl::StrCat("page ", number, " does not have its checksum"));
  return SQLITE_CORRUPT;
}

int Read(sqlite3_file* file, void* buffer, int bytes, sqlite3_int64 offset) {
  const int read = Below(file)->pMethods->xRead(Below(file), buffer, bytes, offset);
  if (read != SQLITE_OK) return read;
  SealedFile& own = Own(file);
  auto* const data = static_cast<uint8_t*>(buffer);
  SeeHeader(own, data, bytes, offset);
  if (!own.has_room || !IsPage(bytes, offset)) return SQLITE_OK;
  const int checked = CheckPage(own, PageNumber(bytes, offset), {data, static_cast<size_t>(bytes)});
  // The seal would be wrong once the page has changed, so it never leaves this file: a page in the
  // -wal file, or one that another program copies from there, has none rather than a wrong one.
  std::memset(data + bytes - kSealBytes, 0, kSealBytes);
  return checked;
}

int Write(sqlite3_file* file, const void* buffer, int bytes, sqlite3_int64 offset) {
  SealedFile& own = Own(file);
  const auto* const data = static_cast<const uint8_t*>(buffer);
  SeeHeader(own, data, bytes, offset);
  sqlite3_file* const below = Below(file);
  if (!own.has_room || !IsPage(bytes, offset)) {
    return below->pMethods->xWrite(below, buffer, bytes, offset);
  }
  // On the stack: a database may still be closed when this thread's own objects are gone.
  uint8_t page[kMaxPageBytes];
  const absl::Span<uint8_t> copy(page, static_cast<size_t>(bytes));
  std::memcpy(page, data, copy.size());
  sqlite3_int64 size = 0;
  if (const int read = below->pMethods->xFileSize(below, &size); read != SQLITE_OK) return read;
  ClearGap(PageNumber(bytes, offset), static_cast<uint64_t>(size / bytes), copy);
  SealPage(PageNumber(bytes, offset), copy);
  return below->pMethods->xWrite(below, page, bytes, offset);
}

int Sync(sqlite3_file* file, int flags) {
  const char* const path = Own(file).path;
  if (path == nullptr) return Below(file)->pMethods->xSync(Below(file), flags);
  if (Failed().Has(path)) return SQLITE_IOERR_FSYNC;
  const int synced = Below(file)->pMethods->xSync(Below(file), flags);
  if (synced != SQLITE_OK) Failed().Add(path);
  return synced;
}

int Control(sqlite3_file* file, int operation, void* argument) {
  if (operation == kReportDamageTo) {
    Own(file).damage = static_cast<Damage*>(argument);
    return SQLITE_OK;
  }
  return Below(file)->pMethods->xFileControl(Below(file), operation, argument);
}

// A memory map would bypass Read.
int Fetch(sqlite3_file*, sqlite3_int64, int, void** page) {
  *page = nullptr;
  return SQLITE_OK;
}

// Passes a call on to the file below.
template <auto Method, class... Arguments>
auto Pass(sqlite3_file* file, Arguments... arguments) {
  return (Below(file)->pMethods->*Method)(Below(file), arguments...);
}

using Methods = sqlite3_io_methods;
constexpr sqlite3_io_methods kMethods = {
    .iVersion = 3,
    .xClose = Pass<&Methods::xClose>,
    .xRead = Read,
    .xWrite = Write,
    .xTruncate = Pass<&Methods::xTruncate, sqlite3_int64>,
    .xSync = Sync,
    .xFileSize = Pass<&Methods::xFileSize, sqlite3_int64*>,
    .xLock = Pass<&Methods::xLock, int>,
    .xUnlock = Pass<&Methods::xUnlock, int>,
    .xCheckReservedLock = Pass<&Methods::xCheckReservedLock, int*>,
    .xFileControl = Control,
    .xSectorSize = Pass<&Methods::xSectorSize>,
    .xDeviceCharacteristics = Pass<&Methods::xDeviceCharacteristics>,
    .xShmMap = Pass<&Methods::xShmMap, int, int, int, void volatile**>,
    .xShmLock = Pass<&Methods::xShmLock, int, int, int>,
    .xShmBarrier = Pass<&Methods::xShmBarrier>,
    .xShmUnmap = Pass<&Methods::xShmUnmap, int>,
    .xFetch = Fetch,
    .xUnfetch = [](sqlite3_file*, sqlite3_int64, void*) { return SQLITE_OK; },
};

// Passes a call on to the VFS below.
template <auto Method, class... Arguments>
auto PassOn(sqlite3_vfs* vfs, Arguments... arguments) {
  return (Below(vfs)->*Method)(Below(vfs), arguments...);
}

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const below = Below(vfs);
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return below->xOpen(below, name, file, flags, out_flags);
  auto* const own = new (file) SealedFile{};
  own->path = name;
  own->has_room = name != nullptr && absl::EndsWith(name, kSealedCopySuffix);
  const int opened = below->xOpen(below, name, Below(file), flags, out_flags);
  if (Below(file)->pMethods != nullptr) own->base.pMethods = &kMethods;
  return opened;
}

}  // namespace

void InstallSealingVfs() {
  static sqlite3_vfs vfs;
  static const int installed = [] {
    sqlite3_vfs* const below = sqlite3_vfs_find(nullptr);
    using Vfs = sqlite3_vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(SealedFile)) + below->szOsFile;
    vfs.mxPathname = below->mxPathname;
    vfs.zName = "clustr";
    vfs.pAppData = below;
    vfs.xOpen = Open;
    vfs.xDelete = PassOn<&Vfs::xDelete, const char*, int>;
    vfs.xAccess = PassOn<&Vfs::xAccess, const char*, int, int*>;
    vfs.xFullPathname = PassOn<&Vfs::xFullPathname, const char*, int, char*>;
    vfs.xRandomness = PassOn<&Vfs::xRandomness, int, char*>;
    vfs.xSleep = PassOn<&Vfs::xSleep, int>;
    vfs.xCurrentTime = PassOn<&Vfs::xCurrentTime, double*>;
    vfs.xGetLastError = PassOn<&Vfs::xGetLastError, int, char*>;
    vfs.xCurrentTimeInt64 = PassOn<&Vfs::xCurrentTimeInt64, sqlite3_int64*>;
    return sqlite3_vfs_register(&vfs, 1);
  }();
  (void)installed;
}

bool SyncFailed(const std::string& path) { return Failed().Has(FullPath(path)); }

void ForgetFailedSync(const std::string& path) { Failed().Remove(FullPath(path)); }

}  // namespace clustr::storage
