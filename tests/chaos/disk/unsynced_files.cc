#include "tests/chaos/disk/unsynced_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace clustr::chaos {
class UnsyncedFiles::Raw {
 public:
  explicit Raw(const std::string& path)
      : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
  ~Raw() { close(file_); }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  int64_t Size() const { return lseek(file_, 0, SEEK_END); }
  std::string Read(int64_t offset, int64_t size) const {
    std::string bytes(static_cast<size_t>(size), '\0');
    const ssize_t got = pread(file_, bytes.data(), bytes.size(), offset);
    bytes.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
    return bytes;
  }
  void Write(int64_t offset, const std::string& bytes) {
    if (pwrite(file_, bytes.data(), bytes.size(), offset) < 0) _exit(86);
  }
  void Resize(int64_t size) {
    if (ftruncate(file_, size) != 0) _exit(86);
  }

 private:
  const int file_;
};

namespace {

// What a sector holds of which either the first or the last bytes reached the disk.
std::string Torn(const std::string& before, std::string after, std::mt19937_64& random) {
  const size_t cut = random() % (after.size() + 1);
  std::string old = before;
  old.resize(after.size(), '\0');
  const bool first_is_new = random() % 2 == 0;
  for (size_t i = 0; i < after.size(); ++i) {
    if ((i < cut) != first_is_new) after[i] = old[i];
  }
  return after;
}

}  // namespace

UnsyncedFiles::File& UnsyncedFiles::Of(const std::string& path) {
  File& file = files_[path];
  if (!file.changed) {
    file.changed = true;
    file.durable_size = Open(path, file).Size();
    file.old_sectors.clear();
    file.forgotten.clear();
  }
  return file;
}

UnsyncedFiles::Raw& UnsyncedFiles::Open(const std::string& path, File& file) {
  if (file.raw == nullptr) file.raw = std::make_shared<Raw>(path);
  return *file.raw;
}

void UnsyncedFiles::Keep(const std::string& path, File& file, int64_t begin, int64_t end) {
  const Raw& raw = Open(path, file);
  end = std::min(end, file.durable_size);
  for (int64_t at = begin / kSector * kSector; at < end; at += kSector) {
    if (file.old_sectors.contains(at)) continue;
    file.old_sectors[at] = raw.Read(at, std::min(kSector, file.durable_size - at));
  }
}

void UnsyncedFiles::Create(const std::string& path) {
  File& file = files_[path];
  file.raw.reset();
  file.created = true;
  file.changed = false;
}

void UnsyncedFiles::Write(const std::string& path, int64_t offset, int64_t size) {
  File& file = Of(path);
  Keep(path, file, offset, offset + size);
  file.forgotten.erase(file.forgotten.lower_bound(offset / kSector * kSector),
                       file.forgotten.lower_bound(offset + size));
}

void UnsyncedFiles::Truncate(const std::string& path, int64_t size) {
  File& file = Of(path);
  Keep(path, file, size, file.durable_size);
}

void UnsyncedFiles::Delete(const std::string& path) {
  File& file = Of(path);
  const Raw& raw = Open(path, file);
  if (!file.created) file.deleted = raw.Read(0, raw.Size());
  file.raw.reset();
  file.created = false;
  file.changed = false;
}

void UnsyncedFiles::Synced(const std::string& path) {
  File& file = files_[path];
  file.changed = !file.forgotten.empty();
  if (!file.changed) return;
  std::erase_if(file.old_sectors,
                [&](const auto& sector) { return !file.forgotten.contains(sector.first); });
  const int64_t size = Open(path, file).Size();
  file.forgotten.erase(file.forgotten.lower_bound(size), file.forgotten.end());
  file.durable_size = size;
}

void UnsyncedFiles::AllSynced() {
  for (const auto& [path, file] : files_) {
    if (file.changed) Synced(path);
  }
}

void UnsyncedFiles::SyncFailed(const std::string& path) {
  File& file = Of(path);
  const int64_t size = Open(path, file).Size();
  for (int64_t at = file.durable_size / kSector * kSector; at < size; at += kSector) {
    std::string& old = file.old_sectors[at];  // Zeros where the file has grown.
    old.resize(static_cast<size_t>(std::min(kSector, size - at)), '\0');
  }
  file.durable_size = std::max(file.durable_size, size);
  for (const auto& [at, old] : file.old_sectors) file.forgotten.insert(at);
}

void UnsyncedFiles::SyncedFolder(const std::string& folder) {
  for (auto& [path, file] : files_) {
    if (std::filesystem::path(path).parent_path() != folder) continue;
    file.created = false;
    file.deleted.reset();
  }
}

void UnsyncedFiles::CutFile(const std::string& path, File& file, std::mt19937_64& random) {
  const uint64_t fate = random() % 4;  // 0: all survives. 1: nothing does. Otherwise: some does.
  const bool exists = std::filesystem::exists(path);
  if (fate != 0 && file.created && (fate == 1 || random() % 2 == 0)) {
    unlink(path.c_str());
  } else if (exists && fate != 0 && file.changed) {
    Raw& raw = Open(path, file);
    const int64_t size = raw.Size();
    int64_t left = file.durable_size;
    if (fate != 1) {
      const auto [low, high] = std::minmax(size, file.durable_size);
      const auto sectors = static_cast<uint64_t>((high - low + kSector - 1) / kSector);
      left = std::min(high, low + static_cast<int64_t>(random() % (sectors + 1)) * kSector);
    }
    for (int64_t at = file.durable_size / kSector * kSector; at < std::min(size, left);
         at += kSector) {
      if (random() % 2 == 0 || file.old_sectors.contains(at)) continue;
      const int64_t from = std::max(at, file.durable_size);
      const std::string now = raw.Read(from, std::min(at + kSector, size) - from);
      const std::string zeros(now.size(), '\0');
      raw.Write(from, random() % 2 == 0 ? zeros : Torn(zeros, now, random));
    }
    for (const auto& [at, old] : file.old_sectors) {
      const std::string now = raw.Read(at, static_cast<int64_t>(old.size()));
      const bool was_cut_off = now.size() < old.size();  // By a truncation.
      if (fate == 1 || was_cut_off) {
        raw.Write(at, old);
      } else if (random() % 2 == 0) {
        raw.Write(at, random() % 2 == 0 ? old : Torn(old, now, random));
      }
    }
    raw.Resize(left);
  }
  if (file.deleted && fate != 0 && !std::filesystem::exists(path) &&
      (fate == 1 || random() % 2 == 0)) {
    Raw(path).Write(0, *file.deleted);
  }
}

void UnsyncedFiles::CutPower(std::mt19937_64& random) {
  for (auto& [path, file] : files_) CutFile(path, file, random);
  files_.clear();
}

}  // namespace clustr::chaos
