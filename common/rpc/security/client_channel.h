#ifndef CLUSTR_COMMON_RPC_SECURITY_CLIENT_CHANNEL_H_
#define CLUSTR_COMMON_RPC_SECURITY_CLIENT_CHANNEL_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/security/certificate_watch.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/channel_arguments.h"

namespace clustr::rpc {

// The way to another server, over TLS with certificates that may change. Thread-safe.
class ClientChannel {
 public:
  // To HOST:PORT; in plaintext if there are no certificates.
  ClientChannel(std::string address, std::shared_ptr<const CertificateWatch> certificates,
                grpc::ChannelArguments arguments);

  const std::string& address() const { return address_; }
  // The channel for a new call or stream. Once the certificates have changed, it is a new one;
  // calls on the former go on.
  std::shared_ptr<grpc::Channel> Get() const ABSL_LOCKS_EXCLUDED(mutex_);
  // What an operator must do about the certificates, "" for nothing.
  std::string Problem() const;

 private:
  const std::string address_;
  const std::shared_ptr<const CertificateWatch> certificates_;
  const grpc::ChannelArguments arguments_;
  mutable absl::Mutex mutex_;
  mutable std::shared_ptr<const Certificates> used_ ABSL_GUARDED_BY(mutex_);
  mutable std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_SECURITY_CLIENT_CHANNEL_H_
