#include "common/streaming/upstream.h"

#include <utility>

#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"

namespace clustr::streaming {
namespace {

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const rpc::Certificates& certificates) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = certificates.authorities;
  options.pem_cert_chain = certificates.certificate;
  options.pem_private_key = certificates.key;
  return grpc::SslCredentials(options);
}

}  // namespace

std::shared_ptr<grpc::Channel> ConnectTo(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 5'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 3'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

Upstream::Upstream(std::string address, std::shared_ptr<const rpc::CertificateWatch> certificates)
    : address_(std::move(address)), certificates_(std::move(certificates)) {}

std::shared_ptr<grpc::Channel> Upstream::channel() const {
  std::shared_ptr<const rpc::Certificates> current =
      certificates_ == nullptr ? nullptr : certificates_->current();
  absl::MutexLock lock(&mutex_);
  if (channel_ == nullptr || current != used_) {
    channel_ = ConnectTo(address_, current == nullptr ? grpc::InsecureChannelCredentials()
                                                      : CredentialsOf(*current));
    used_ = std::move(current);
  }
  return channel_;
}

std::string Upstream::Problem() const {
  return certificates_ == nullptr ? "" : certificates_->Problem();
}

}  // namespace clustr::streaming
