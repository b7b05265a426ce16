#ifndef CLUSTR_COMMON_RPC_ACCESS_ACCESS_FILES_H_
#define CLUSTR_COMMON_RPC_ACCESS_ACCESS_FILES_H_

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/access/jwt.h"
#include "common/rpc/access/policy.h"
#include "common/rpc/access/tokens.h"

namespace clustr::rpc {

// Paths of the files that say who may do what; "" for none.
struct AccessPaths {
  std::string policy;
  std::string tokens;
  std::string jwt_keys;
  JwtClaims jwt_claims;  // The claims that a token signed by these keys must have.
};

// The contents of these files; unset where there is none.
struct AccessRules {
  std::optional<Policy> policy;
  std::optional<Tokens> tokens;
  std::shared_ptr<const JwtKeys> jwt_keys;
};

// These files, read again whenever they change, by a thread that looks once a second. Files that
// cannot be used leave the last good ones in force. Thread-safe.
class AccessFiles {
 public:
  // INVALID_ARGUMENT, with a text for an operator, if a file cannot be used.
  static absl::StatusOr<std::unique_ptr<AccessFiles>> Open(AccessPaths paths);
  ~AccessFiles();
  AccessFiles(const AccessFiles&) = delete;
  AccessFiles& operator=(const AccessFiles&) = delete;

  // Those in force.
  std::shared_ptr<const AccessRules> current() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The problem of the files for GetStatus, with its remedy; "" if there is none.
  std::string Problem() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // The texts of the files, by which a change is noticed.
  struct Texts {
    std::string policy;
    std::string tokens;
    std::string jwt_keys;
    bool operator==(const Texts&) const = default;
  };

  AccessFiles(AccessPaths paths, Texts texts, std::shared_ptr<const AccessRules> first);
  static absl::StatusOr<Texts> Read(const AccessPaths& paths);
  static absl::StatusOr<std::shared_ptr<const AccessRules>> Parse(const AccessPaths& paths,
                                                                  const Texts& texts);
  void Watch();
  // Reads the files, and keeps what is new and good.
  absl::Status Look();

  const AccessPaths paths_;
  Texts texts_;  // The texts of the files in force. Only thread_ uses them.
  mutable absl::Mutex mutex_;
  std::shared_ptr<const AccessRules> current_ ABSL_GUARDED_BY(mutex_);
  std::string unusable_ ABSL_GUARDED_BY(mutex_);
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ACCESS_ACCESS_FILES_H_
