#ifndef CLUSTR_COMMON_STORAGE_FILE_BACKGROUND_CHECK_H_
#define CLUSTR_COMMON_STORAGE_FILE_BACKGROUND_CHECK_H_

#include <atomic>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/storage/file/damage.h"
#include "common/storage/file/file_check.h"

namespace clustr::storage {

// Checks a whole database file once, on a thread of its own, while the database is in use: the seal
// of every page, then the structure of each table (about 3 s per GB). Pages
// that are read meanwhile are checked anyway, so this finds what nobody reads.
class BackgroundCheck {
 public:
  // Starts the check of the file `path`, open as `file`. Reports what it finds to `damage`. `file`
  // is borrowed, and like `damage` must outlive this.
  BackgroundCheck(std::string path, int file, const FileState& state, Damage* damage);
  // Breaks the check off if it has not ended.
  ~BackgroundCheck();
  BackgroundCheck(const BackgroundCheck&) = delete;
  BackgroundCheck& operator=(const BackgroundCheck&) = delete;

  // Waits until the check has ended; false if it has not after `patience`.
  bool Wait(absl::Duration patience) const {
    return ended_.WaitForNotificationWithTimeout(patience);
  }

  // How far the check is, as a sentence for an operator; empty once it has ended.
  std::string Progress() const;

 private:
  void Run();
  void CheckSeals();
  void CheckStructure();

  const std::string path_;
  const int file_;
  const FileState state_;
  Damage& damage_;
  std::atomic<uint32_t> checked_pages_{0};
  std::atomic<bool> stopped_{false};
  absl::Notification ended_;
  std::thread thread_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_BACKGROUND_CHECK_H_
