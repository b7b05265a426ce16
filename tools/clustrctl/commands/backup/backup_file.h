#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_FILE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_FILE_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/ops/v1/backup.pb.h"

// Files of backups. The first line is `clustr-backup 1: ` and the names of the services whose
// backups follow. Then comes each chunk: its size in four bytes, the lowest first, and the chunk as
// a message BackupChunk.
namespace clustr::ctl {

// Writes a file of its own beside `path` and puts it in place at the end. Until then, whatever
// happens, there is nothing or the old file at `path`. Not thread-safe.
class BackupFileWriter {
 public:
  // FAILED_PRECONDITION, with the remedy, if there is a file at `path`, unless `replace`, or if
  // none can be written there. Only the user can read the file.
  static absl::StatusOr<BackupFileWriter> Create(const std::string& path, bool replace,
                                                 const std::vector<std::string>& services);
  BackupFileWriter(BackupFileWriter&& other) = default;
  // Removes what is not in place.
  ~BackupFileWriter();

  absl::Status Write(const ops::v1::BackupChunk& chunk);
  // Puts the file in place once the disk has all of it.
  absl::Status Close();

  int64_t bytes() const { return bytes_; }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  BackupFileWriter(std::string path, bool replace);
  std::string part() const { return path_ + ".part"; }
  absl::Status Put(const char* data, size_t size);
  absl::Status DiskFailed() const;

  std::string path_;
  bool replace_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  int64_t bytes_ = 0;
};

// What a file holds of one service.
struct BackupSection {
  ops::v1::BackupHeader header;
  ops::v1::BackupEnd end;
  int64_t offset = 0;  // Of its first chunk.
  int64_t chunks = 0;
};

// Reads a file from its start to its end and checks all of it. FAILED_PRECONDITION, which names the
// file and the remedy, if it is no backup, or not as it was written. `progress` is called with the
// share that is done.
absl::StatusOr<std::vector<BackupSection>> CheckBackupFile(
    const std::string& path, absl::FunctionRef<void(double share)> progress);

// Calls `take` with each chunk of the section, until it returns false. The errors of
// CheckBackupFile.
absl::Status ReadSection(const std::string& path, const BackupSection& section,
                         absl::FunctionRef<bool(const ops::v1::BackupChunk&)> take);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_FILE_H_
