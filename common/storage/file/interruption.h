#ifndef CLUSTR_COMMON_STORAGE_FILE_INTERRUPTION_H_
#define CLUSTR_COMMON_STORAGE_FILE_INTERRUPTION_H_

#include "absl/status/status.h"
#include "common/base/caller.h"
#include "common/storage/session.h"

namespace clustr::storage {

// While it lives, interrupts the session's statements once the caller no longer waits. Borrows the
// session.
class Interruption {
 public:
  Interruption(Session& session, const Caller& caller);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // Why a statement was interrupted; OK if none was.
  const absl::Status& reason() const { return reason_; }

 private:
  static int Look(void* self);

  void* const connection_;
  const Caller caller_;
  absl::Status reason_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_INTERRUPTION_H_
