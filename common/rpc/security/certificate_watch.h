#ifndef CLUSTR_COMMON_RPC_SECURITY_CERTIFICATE_WATCH_H_
#define CLUSTR_COMMON_RPC_SECURITY_CERTIFICATE_WATCH_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/security/certificates.h"

namespace clustr::rpc {

// Certificates that are read again whenever their files change, on a thread of its own that looks
// once a second. Files that cannot be used leave the last good ones in force. Thread-safe.
class CertificateWatch {
 public:
  // Reads the files; the errors are those of ReadCertificates.
  static absl::StatusOr<std::unique_ptr<CertificateWatch>> Open(CertificatePaths paths);
  // Stops the thread.
  ~CertificateWatch();
  CertificateWatch(const CertificateWatch&) = delete;
  CertificateWatch& operator=(const CertificateWatch&) = delete;

  // Those in force. The pointer is another one once they have changed.
  std::shared_ptr<const Certificates> current() const ABSL_LOCKS_EXCLUDED(mutex_);
  // What an operator must do about the files, "" for nothing: they cannot be used, or the
  // certificate ends within a week.
  std::string Problem() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  CertificateWatch(CertificatePaths paths, Certificates first);
  void Watch();

  const CertificatePaths paths_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Certificates> current_ ABSL_GUARDED_BY(mutex_);
  std::string unusable_ ABSL_GUARDED_BY(mutex_);  // What is wrong with the files of this moment.
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_SECURITY_CERTIFICATE_WATCH_H_
