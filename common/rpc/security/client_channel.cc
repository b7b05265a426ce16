#include "common/rpc/security/client_channel.h"

#include <utility>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace clustr::rpc {
namespace {

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const Certificates* certificates) {
  if (certificates == nullptr) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = certificates->authorities;
  options.pem_cert_chain = certificates->certificate;
  options.pem_private_key = certificates->key;
  return grpc::SslCredentials(options);
}

}  // namespace

ClientChannel::ClientChannel(std::string address,
                             std::shared_ptr<const CertificateWatch> certificates,
                             grpc::ChannelArguments arguments)
    : address_(std::move(address)),
      certificates_(std::move(certificates)),
      arguments_(std::move(arguments)) {}

std::shared_ptr<grpc::Channel> ClientChannel::Get() const {
  std::shared_ptr<const Certificates> current =
      certificates_ == nullptr ? nullptr : certificates_->current();
  absl::MutexLock lock(&mutex_);
  if (channel_ == nullptr || current != used_) {
    channel_ = grpc::CreateCustomChannel(address_, CredentialsOf(current.get()), arguments_);
    used_ = std::move(current);
  }
  return channel_;
}

std::string ClientChannel::Problem() const {
  return certificates_ == nullptr ? "" : certificates_->Problem();
}

}  // namespace clustr::rpc
