#ifndef CLUSTR_COMMON_STORAGE_SERVER_SERVER_LOCK_H_
#define CLUSTR_COMMON_STORAGE_SERVER_SERVER_LOCK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/storage/session.h"
#include "common/storage/system/broken_texts.h"

namespace clustr::storage {

class Connector;

// A lock that one at a time of the servers on a PostgreSQL database holds. It belongs to a
// connection of its own, so it ends with its holder, however that ends; also if only the connection
// is lost, of which the holder learns nothing. So it is for work that two must not do at once only
// because that would be a waste. Not thread-safe.
class ServerLock {
 public:
  // For the database at an address as in --database. `number` tells its locks apart; those of
  // turns.cc have other ones. The errors of ReadServerAddress.
  static absl::StatusOr<std::unique_ptr<ServerLock>> Make(absl::string_view url, int number);
  ~ServerLock();
  ServerLock(const ServerLock&) = delete;
  ServerLock& operator=(const ServerLock&) = delete;

  // Takes the lock; false if another server holds it. The errors of Connector::Connect. Blocks as
  // long as that does.
  absl::StatusOr<bool> TryTake();

  // Gives the lock back, if this server holds it.
  void Release();

 private:
  explicit ServerLock(int number);

  const std::string key_;
  BrokenTexts broken_texts_;
  std::unique_ptr<Connector> connector_;
  std::unique_ptr<Session> session_;  // Holds the lock.
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_SERVER_LOCK_H_
