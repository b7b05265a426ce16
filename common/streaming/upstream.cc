#include "common/streaming/upstream.h"

#include <utility>

#include "grpc/grpc.h"
#include "grpcpp/support/channel_arguments.h"

namespace clustr::streaming {
namespace {

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 5'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 3'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  return arguments;
}

}  // namespace

Upstream::Upstream(std::string address, std::shared_ptr<const rpc::CertificateWatch> certificates)
    : channel_(std::move(address), std::move(certificates), Arguments()) {}

}  // namespace clustr::streaming
