#ifndef CLUSTR_COMMON_STORAGE_SERVER_SERVER_PEERS_H_
#define CLUSTR_COMMON_STORAGE_SERVER_SERVER_PEERS_H_

#include <atomic>
#include <memory>

#include "common/storage/peers.h"
#include "common/storage/server/connector.h"

namespace clustr::storage {

// The servers on one PostgreSQL database. They mark their presence by a lock of a session of their
// own, and tell of commits by NOTIFY.
class ServerPeers final : public Peers {
 public:
  // Borrows the connector.
  explicit ServerPeers(Connector* connector) : connector_(*connector) {}

  // The session that Announce uses from now on; borrowed. For the writer thread.
  void SetWriter(Session* writer);

  absl::StatusOr<bool> Join() override;
  void Announce() override;
  absl::Status Await(absl::Duration patience,
                     absl::FunctionRef<absl::Status(Session&)> look) override;
  absl::Status Rejoin(absl::FunctionRef<absl::Status(Session&, bool alone)> enter) override;

 private:
  // Connects and listens, but does not mark the presence.
  absl::Status Connect();
  // True if another session than the writer's has sent a notification.
  bool Heard();

  Connector& connector_;
  std::atomic<int> writer_pid_{0};  // Of the process of PostgreSQL that serves the writer.
  Session* writer_ = nullptr;
  std::unique_ptr<Session> session_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_SERVER_PEERS_H_
