#include "common/storage/server/server_peers.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/steady_time.h"
#include "common/storage/server/turns.h"
#include "common/storage/sql/guard.h"
#include "common/storage/sql/sqlstate.h"

namespace clustr::storage {

void ServerPeers::SetWriter(Session* writer) {
  writer_ = writer;
  writer_pid_ = PQbackendPID(ConnectionOf(*writer));
}

absl::Status ServerPeers::Connect() {
  CLUSTR_ASSIGN_OR_RETURN(session_, connector_.Connect());
  const absl::Status listens = Guard([this] {
    session_->Run("LISTEN clustr_commits");
    return absl::OkStatus();
  });
  if (!listens.ok()) session_ = nullptr;
  return listens;
}

absl::StatusOr<bool> ServerPeers::Join() {
  CLUSTR_RETURN_IF_ERROR(Connect());
  bool alone = false;
  CLUSTR_RETURN_IF_ERROR(Guard([&] {
    alone = MarkPresence(*session_);
    return absl::OkStatus();
  }));
  return alone;
}

void ServerPeers::Announce() {
  Guard([this] {
    writer_->Prepared("NOTIFY clustr_commits").Change();
    return absl::OkStatus();
  }).IgnoreError();  // The others look by themselves, a little later.
}

bool ServerPeers::Heard() {
  bool heard = false;
  while (PGnotify* notification = PQnotifies(ConnectionOf(*session_))) {
    heard = heard || notification->be_pid != writer_pid_;
    PQfreemem(notification);
  }
  return heard;
}

absl::Status ServerPeers::Await(absl::Duration patience,
                                absl::FunctionRef<absl::Status(Session&)> look) {
  if (session_ == nullptr) return StatusOfSqlstate("");
  const Deadline deadline = Deadline::In(patience);
  while (!Heard() && !deadline.passed()) {
    pollfd socket{PQsocket(ConnectionOf(*session_)), POLLIN, 0};
    poll(&socket, 1,
         static_cast<int>(std::max<int64_t>(1, absl::ToInt64Milliseconds(deadline.left()))));
    if (PQconsumeInput(ConnectionOf(*session_)) == 0) {
      session_ = nullptr;
      return StatusOfSqlstate("");
    }
  }
  const absl::Status looked = Guard([&] { return look(*session_); });
  if (IsUnreachable(looked)) session_ = nullptr;
  return looked;
}

absl::Status ServerPeers::Rejoin(absl::FunctionRef<absl::Status(Session&, bool alone)> enter) {
  CLUSTR_RETURN_IF_ERROR(Connect());
  const absl::Status entered = Guard([&] {
    BeginUpgradeTurn(*session_);
    CLUSTR_RETURN_IF_ERROR(enter(*session_, MarkPresence(*session_)));
    session_->Run("COMMIT");
    return absl::OkStatus();
  });
  if (!entered.ok()) session_ = nullptr;
  return entered;
}

}  // namespace clustr::storage
