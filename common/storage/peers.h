#ifndef CLUSTR_COMMON_STORAGE_PEERS_H_
#define CLUSTR_COMMON_STORAGE_PEERS_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/storage/session.h"

namespace clustr::storage {

// The servers that share a database, each with its own Store. Those that are there know of each
// other, so that a history ends only when none of them is left to continue it.
class Peers {
 public:
  virtual ~Peers() = default;

  // Counts this server among the peers; true if there is no other. To be called within the
  // transaction of an upgrade, so that two servers that start at once take turns.
  virtual absl::StatusOr<bool> Join() = 0;

  // Tells the others that this server has committed something. Quick; a failure only delays them.
  // For the writer thread, between transactions.
  virtual void Announce() = 0;

  // Waits until another server says that it has committed something, at most `patience`, and then
  // runs `look` on a session of its own. Fails with the status of `look`, or with UNAVAILABLE if
  // the connection was lost: then this server does not count as a peer before it joins again. For
  // one thread.
  virtual absl::Status Await(absl::Duration patience,
                             absl::FunctionRef<absl::Status(Session&)> look) = 0;

  // Connects again and runs `enter` within the transaction of an upgrade; `alone` is what Join
  // says. For the thread that called Await.
  virtual absl::Status Rejoin(absl::FunctionRef<absl::Status(Session&, bool alone)> enter) = 0;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_PEERS_H_
