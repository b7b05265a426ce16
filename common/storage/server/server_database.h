#ifndef CLUSTR_COMMON_STORAGE_SERVER_SERVER_DATABASE_H_
#define CLUSTR_COMMON_STORAGE_SERVER_SERVER_DATABASE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/storage/database.h"
#include "common/storage/server/cancellation.h"
#include "common/storage/server/connector.h"
#include "common/storage/server/server_peers.h"
#include "common/storage/sql/session_pool.h"

namespace clustr::storage {

// A database of a PostgreSQL server, which other servers may share. Sessions are opened when they
// are first needed, and anew when a connection was lost: a call that meets the loss fails with
// DATABASE_UNREACHABLE, unless the loss is noticed before the call has done anything.
class ServerDatabase final : public Database {
 public:
  // See ReadServerAddress and Connector::Probe.
  static absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view url, int read_sessions);

  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> read,
                    const Caller& caller = {}) override;
  absl::StatusOr<std::unique_ptr<Snapshot>> OpenSnapshot(
      const std::vector<const google::protobuf::Descriptor*>& models,
      const ops::v1::BackupHeader& header) override;
  Session& writer_session() override { return *writer_; }
  absl::Status BeginUpgrade() override;
  absl::Status BeginWrite() override;
  absl::Status Commit() override;
  void Rollback() override;
  bool EmptyLog() override { return true; }
  bool Purge(int patience_ms) override { return false; }
  bool can_purge() const override { return false; }
  Peers* peers() override { return &peers_; }
  std::vector<std::string> Problems() const override;

 private:
  ServerDatabase(ServerAddress address, int read_sessions);

  // Runs `begin` on a session, which is opened before if it is null; once more on a new one if its
  // connection turns out to be lost. Afterwards it is null if there is no connection.
  absl::Status Begin(std::unique_ptr<Session>* session, absl::FunctionRef<void(Session&)> begin);
  absl::Status BeginOnWriter(absl::FunctionRef<void(Session&)> begin);

  Connector connector_;
  ServerPeers peers_{&connector_};
  std::unique_ptr<Session> writer_;
  SessionPool readers_;
  Cancellation cancellation_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_SERVER_DATABASE_H_
