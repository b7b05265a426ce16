#ifndef CLUSTR_COMMON_STREAMING_UPSTREAM_H_
#define CLUSTR_COMMON_STREAMING_UPSTREAM_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/security/certificate_watch.h"
#include "grpcpp/channel.h"
#include "grpcpp/security/credentials.h"

namespace clustr::streaming {

// A channel to a service that is followed: notices a dead or hung peer within 8 seconds.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address,
                                         const std::shared_ptr<grpc::ChannelCredentials>&
                                             credentials = grpc::InsecureChannelCredentials());

// A service that this one follows, and the way to it. Thread-safe.
class Upstream {
 public:
  // HOST:PORT. Connects over TLS with these certificates, in plaintext if there are none.
  Upstream(std::string address, std::shared_ptr<const rpc::CertificateWatch> certificates);

  const std::string& address() const { return address_; }
  // The channel for a new call or stream. Once the certificates have changed, it is a new one;
  // calls on the former go on.
  std::shared_ptr<grpc::Channel> channel() const ABSL_LOCKS_EXCLUDED(mutex_);
  // What an operator must do about the certificates, "" for nothing.
  std::string Problem() const;

 private:
  const std::string address_;
  const std::shared_ptr<const rpc::CertificateWatch> certificates_;
  mutable absl::Mutex mutex_;
  mutable std::shared_ptr<const rpc::Certificates> used_ ABSL_GUARDED_BY(mutex_);
  mutable std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_UPSTREAM_H_
