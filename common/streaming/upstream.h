#ifndef CLUSTR_COMMON_STREAMING_UPSTREAM_H_
#define CLUSTR_COMMON_STREAMING_UPSTREAM_H_

#include <memory>
#include <string>

#include "common/rpc/security/certificate_watch.h"
#include "common/rpc/security/client_channel.h"
#include "grpcpp/channel.h"

namespace clustr::streaming {

// A service that this one follows, and the way to it: notices a dead or hung peer within 8 seconds.
// Thread-safe.
class Upstream {
 public:
  // HOST:PORT. Connects over TLS with these certificates, in plaintext if there are none.
  explicit Upstream(std::string address,
                    std::shared_ptr<const rpc::CertificateWatch> certificates = nullptr);

  const std::string& address() const { return channel_.address(); }
  // The channel for a new call or stream; see rpc::ClientChannel.
  std::shared_ptr<grpc::Channel> channel() const { return channel_.Get(); }
  // What an operator must do about the certificates, "" for nothing.
  std::string Problem() const { return channel_.Problem(); }

 private:
  const rpc::ClientChannel channel_;
};

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_UPSTREAM_H_
