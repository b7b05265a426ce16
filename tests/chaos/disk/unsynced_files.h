#ifndef CLUSTR_TESTS_CHAOS_DISK_UNSYNCED_FILES_H_
#define CLUSTR_TESTS_CHAOS_DISK_UNSYNCED_FILES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>

namespace clustr::chaos {

// What of the files would survive a power cut. Writes go to the real files at once, as they go to
// the page cache of a computer; for each sector that changed since the last sync, this keeps what
// the disk holds. What another process wrote counts as synced. Not thread-safe.
class UnsyncedFiles {
 public:
  // To be called before each change of a file.
  void Create(const std::string& path);  // The file does not exist yet.
  void Write(const std::string& path, int64_t offset, int64_t size);
  void Truncate(const std::string& path, int64_t size);
  void Delete(const std::string& path);

  // To be called after a sync.
  void Synced(const std::string& path);
  // Another process has synced every file.
  void AllSynced();
  // A sync failed. As on Linux, which then forgets that they changed, the sectors that were to be
  // synced reach the disk only once they are written and synced again.
  void SyncFailed(const std::string& path);
  void SyncedFolder(const std::string& folder);  // Files created or deleted there stay so.

  // Changes the files to what the disk might hold after a power cut. Of each file, either all,
  // none, or a random part of the unsynced sectors survives, in any order; a sector may be torn:
  // its first or its last bytes are new and the others old. An unsynced file may have any size
  // between the old and the new one, with zeros where nothing was written; a file that was created
  // or deleted without a sync of its folder may be missing or back.
  void CutPower(std::mt19937_64& random);

 private:
  static constexpr int64_t kSector = 512;

  // An open file. Stays open, as closing any descriptor of a file would release SQLite's locks on
  // it.
  class Raw;
  struct File {
    std::shared_ptr<Raw> raw;  // Opened when it is first needed.
    bool changed = false;      // Since the last sync; what follows counts only then.
    int64_t durable_size = 0;
    std::map<int64_t, std::string>
        old_sectors;              // By offset: those below durable_size that changed.
    std::set<int64_t> forgotten;  // Those of them that the next sync does not bring to the disk.
    bool created = false;         // And its folder was not synced since.
    std::optional<std::string> deleted;  // What it held when it was deleted, in the same way.
  };

  // The file, which is about to change.
  File& Of(const std::string& path);
  static Raw& Open(const std::string& path, File& file);
  static void Keep(const std::string& path, File& file, int64_t begin, int64_t end);
  static void CutFile(const std::string& path, File& file, std::mt19937_64& random);

  std::map<std::string, File> files_;
};

}  // namespace clustr::chaos

#endif  // CLUSTR_TESTS_CHAOS_DISK_UNSYNCED_FILES_H_
