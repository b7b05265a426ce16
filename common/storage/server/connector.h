#ifndef CLUSTR_COMMON_STORAGE_SERVER_CONNECTOR_H_
#define CLUSTR_COMMON_STORAGE_SERVER_CONNECTOR_H_

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/steady_time.h"
#include "common/storage/server/server_address.h"
#include "common/storage/session.h"

namespace clustr::storage {

// The connection of a session that a Connector opened. Borrowed from the session.
PGconn* ConnectionOf(Session& session);

// Opens sessions to one PostgreSQL server. While the server cannot be reached, it is tried again
// after 0.1 s at first, and after 1 s later on; in between, Connect fails at once. Thread-safe.
class Connector {
 public:
  // `broken_texts` is what the sessions report to; it must outlive them.
  Connector(ServerAddress address, BrokenTexts* broken_texts);

  // OK if the server can be reached and is fit for us; otherwise FAILED_PRECONDITION with a text
  // for an operator, which has what libpq says.
  absl::Status Probe() const;

  // A new session; UNAVAILABLE with reason DATABASE_UNREACHABLE if there is none to be had. Blocks
  // for the `connect_timeout` of the address at most, for each of its hosts.
  absl::StatusOr<std::unique_ptr<Session>> Connect();

  const ServerAddress& address() const { return address_; }

  // A sentence for an operator while the server cannot be reached, which has what libpq says.
  std::vector<std::string> Problems() const;

 private:
  void Note(const absl::Status& connected, const std::string& said);

  const ServerAddress address_;
  BrokenTexts* const broken_texts_;
  mutable absl::Mutex mutex_;
  SteadyTime failing_since_ ABSL_GUARDED_BY(mutex_) = SteadyTime::min();  // min(): not failing.
  std::string why_ ABSL_GUARDED_BY(mutex_);  // The error message of libpq for the last failure.
  absl::Duration delay_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  Deadline next_attempt_ ABSL_GUARDED_BY(mutex_){SteadyTime::min()};
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_CONNECTOR_H_
