// Makes a FaultyDisk SQLite's default VFS in every process that preloads this library.

#include <sqlite3.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>

#include "tests/chaos/disk/control.h"
#include "tests/chaos/disk/faulty_disk.h"

namespace clustr::chaos {
namespace {

sqlite3_vfs* real_vfs;
FaultyDisk* disk;
int (*open_folder)(const char*, int*);

// SQLite's view of an open file. The real one follows it in memory.
struct File {
  sqlite3_file base;
  FileKind kind;
  std::string* path;
  sqlite3_file* real;
};

File& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Of(file).real; }

FileKind KindOf(int flags) {
  if (flags & SQLITE_OPEN_MAIN_DB) return kDatabase;
  if (flags & SQLITE_OPEN_WAL) return kWal;
  if (flags & SQLITE_OPEN_MAIN_JOURNAL) return kJournal;
  return kOther;
}

FileKind KindOf(std::string_view path) {
  if (path.ends_with("-wal")) return kWal;
  return path.ends_with("-journal") ? kJournal : kOther;
}

int Close(sqlite3_file* file) {
  const int code = Real(file)->pMethods ? Real(file)->pMethods->xClose(Real(file)) : SQLITE_OK;
  delete Of(file).path;
  return code;
}

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return disk->Run(kRead, Of(file).kind,
                   [&] { return Real(file)->pMethods->xRead(Real(file), to, size, offset); });
}

int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  return disk->Write(Of(file).kind, *Of(file).path, offset, size, [&](int64_t part) {
    return Real(file)->pMethods->xWrite(Real(file), from, static_cast<int>(part), offset);
  });
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return disk->Truncate(Of(file).kind, *Of(file).path, size,
                        [&] { return Real(file)->pMethods->xTruncate(Real(file), size); });
}

int Sync(sqlite3_file* file, int flags) {
  return disk->Sync(Of(file).kind, *Of(file).path,
                    [&] { return Real(file)->pMethods->xSync(Real(file), flags); });
}

int Size(sqlite3_file* file, sqlite3_int64* size) {
  return disk->Run(kSize, Of(file).kind,
                   [&] { return Real(file)->pMethods->xFileSize(Real(file), size); });
}

int Lock(sqlite3_file* file, int level) {
  return disk->Run(kLock, Of(file).kind,
                   [&] { return Real(file)->pMethods->xLock(Real(file), level); });
}

int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return disk->Run(kMapIndex, Of(file).kind, [&] {
    return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, memory);
  });
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Real(file)->pMethods->xShmLock(Real(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); }
int ShmUnmap(sqlite3_file* file, int remove) {
  return Real(file)->pMethods->xShmUnmap(Real(file), remove);
}
int Unlock(sqlite3_file* file, int level) {
  return Real(file)->pMethods->xUnlock(Real(file), level);
}
int Reserved(sqlite3_file* file, int* is) {
  return Real(file)->pMethods->xCheckReservedLock(Real(file), is);
}
int FileControl(sqlite3_file* file, int what, void* value) {
  return Real(file)->pMethods->xFileControl(Real(file), what, value);
}
int SectorSize(sqlite3_file* file) { return Real(file)->pMethods->xSectorSize(Real(file)); }
int Abilities(sqlite3_file* file) {
  return Real(file)->pMethods->xDeviceCharacteristics(Real(file));
}

// Version 2: without xFetch, so that SQLite maps no database into memory.
const sqlite3_io_methods kMethods = {2,           Close,      Read,      Write,  Truncate,
                                     Sync,        Size,       Lock,      Unlock, Reserved,
                                     FileControl, SectorSize, Abilities, ShmMap, ShmLock,
                                     ShmBarrier,  ShmUnmap,   nullptr,   nullptr};

int Open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* base, int flags, int* out_flags) {
  File& file = Of(base);
  file.base.pMethods = nullptr;
  file.kind = name == nullptr ? kOther : KindOf(flags);
  file.real = reinterpret_cast<sqlite3_file*>(&file + 1);
  file.real->pMethods = nullptr;
  if (file.kind != kOther && (flags & SQLITE_OPEN_CREATE) && access(name, F_OK) != 0)
    disk->Create(name);
  const int code = disk->Run(kOpen, file.kind, [&] {
    return real_vfs->xOpen(real_vfs, name, file.real, flags, out_flags);
  });
  if (code == SQLITE_OK) {
    file.path = new std::string(name == nullptr ? "" : name);
    file.base.pMethods = &kMethods;
  }
  return code;
}

int Delete(sqlite3_vfs*, const char* name, int sync_folder) {
  if (access(name, F_OK) != 0) return real_vfs->xDelete(real_vfs, name, sync_folder);
  return disk->Delete(KindOf(std::string_view(name)), name,
                      [&] { return real_vfs->xDelete(real_vfs, name, sync_folder); });
}

// SQLite opens a folder only to sync it.
int OpenFolder(const char* file, int* descriptor) {
  const int code = open_folder(file, descriptor);
  if (code == SQLITE_OK) disk->SyncedFolder(std::filesystem::path(file).parent_path());
  return code;
}

[[gnu::constructor]] void Register() {
  real_vfs = sqlite3_vfs_find(nullptr);
  if (real_vfs == nullptr) return;
  disk = new FaultyDisk(MapControl());
  open_folder = reinterpret_cast<int (*)(const char*, int*)>(
      real_vfs->xGetSystemCall(real_vfs, "openDirectory"));
  real_vfs->xSetSystemCall(real_vfs, "openDirectory",
                           reinterpret_cast<sqlite3_syscall_ptr>(&OpenFolder));
  static sqlite3_vfs vfs = *real_vfs;
  vfs.pNext = nullptr;
  vfs.zName = "chaos";
  vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  sqlite3_vfs_register(&vfs, 1);
}

}  // namespace
}  // namespace clustr::chaos
