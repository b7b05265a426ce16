#include "common/rpc/listener.h"

#include <sys/resource.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/rpc/security/tls_flags.h"
#include "common/rpc/security/tls_server_credentials.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"

namespace clustr::rpc {
namespace {

// A connection whose peer has not introduced itself by then is closed.
constexpr int kHandshakeMs = 5'000;
// A client that pings more often is disconnected. Stated in docs/api.md.
constexpr int kMinPingMs = 4'000;
// The server pings a client from which it has heard nothing for this long, and closes the
// connection if that is not answered in time. Stated in docs/operations.md.
constexpr int kKeepaliveMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 20'000;

absl::Status CheckPlaintext(const ListenerSettings& settings,
                            const std::vector<ListeningSocket>& sockets) {
  if (settings.certificates != nullptr || settings.insecure) return absl::OkStatus();
  for (const ListeningSocket& socket : sockets) {
    if (!socket.address.is_loopback()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--listen=", settings.address, ": other machines can reach ", socket.address.host(),
          ", and without --tls-cert everything is sent in plaintext; give --tls-cert and "
          "--tls-key, listen on 127.0.0.1, or allow it with --insecure=yes"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Flag> ListenerFlags() {
  return {{"max-connections", "4096", "maximum number of open connections"},
          {"max-connections-per-peer", "1024",
           "maximum number of open connections from one IP address"},
          {"max-calls", "2048", "maximum number of open calls of all connections"},
          {"max-mib-in-flight", "32",
           "maximum MiB of requests that are not answered, of answers that the clients do not "
           "take, and "
           "of open calls, each 12 KiB"},
          {"max-unread-calls", "128",
           "maximum number of open calls whose answers the clients do not read"},
          {"max-streams-per-connection", "500",
           "maximum number of open calls of one connection; clients keep others waiting"},
          {"max-message-mib", "4",
           "maximum MiB of one request, from 1 to 64 and at most half of --max-mib-in-flight"},
          {"max-metadata-kib", "8", "maximum KiB of the headers of one call, from 1 to 32"},
          {"max-deaf-seconds", "60",
           "the process ends if its own port does not answer it for this long; 0 for never"}};
}

void RaiseFileLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

absl::StatusOr<ListenerSettings> ReadListenerSettings(const Flags& values) {
  constexpr int64_t kOwnFiles = 64;  // That the process needs for other purposes.
  constexpr int64_t kMaxLimit = 1'000'000;
  ListenerSettings settings;
  ConnectionLimits& limits = settings.limits;
  settings.address = values["listen"];
  const std::string& insecure = values["insecure"];
  if (insecure != "yes" && insecure != "no") {
    return absl::InvalidArgumentError(
        absl::StrCat("--insecure=", insecure, " is not known; give yes or no"));
  }
  settings.insecure = insecure == "yes";
  CLUSTR_ASSIGN_OR_RETURN(settings.certificates, OpenServerCertificates(values));
  limits.tls = settings.certificates != nullptr;
  CLUSTR_ASSIGN_OR_RETURN(limits.max_connections, values.Integer("max-connections", 1, kMaxLimit));
  CLUSTR_ASSIGN_OR_RETURN(limits.max_connections_per_peer,
                          values.Integer("max-connections-per-peer", 1, kMaxLimit));
  CLUSTR_ASSIGN_OR_RETURN(limits.max_open_calls, values.Integer("max-calls", 1, kMaxLimit));
  CLUSTR_ASSIGN_OR_RETURN(limits.max_stalled_calls,
                          values.Integer("max-unread-calls", 1, kMaxLimit));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t mib, values.Integer("max-mib-in-flight", 8, kMaxLimit));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t deaf, values.Integer("max-deaf-seconds", 0, kMaxLimit));
  limits.max_held_bytes = mib << 20;
  CLUSTR_ASSIGN_OR_RETURN(settings.max_streams,
                          values.Integer("max-streams-per-connection", 1, 100'000));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t message_mib, values.Integer("max-message-mib", 1, 64));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t metadata_kib, values.Integer("max-metadata-kib", 1, 32));
  if (2 * message_mib > mib) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--max-message-mib=", message_mib, " is more than half of --max-mib-in-flight=", mib,
        "; give --max-mib-in-flight=", 2 * message_mib, ", too"));
  }
  // A client may cancel all of its calls at once.
  TrafficLimits& traffic = limits.traffic;
  traffic.max_open_calls = settings.max_streams;
  traffic.first_controls = std::max(traffic.first_controls, settings.max_streams + 100);
  traffic.max_controls = std::max(traffic.max_controls, 4 * settings.max_streams);
  settings.max_message_bytes = message_mib << 20;
  settings.max_metadata_bytes = metadata_kib << 10;
  settings.max_deaf = deaf == 0 ? absl::InfiniteDuration() : absl::Seconds(deaf);
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY) {
    const auto room = static_cast<int64_t>(files.rlim_cur) - kOwnFiles;
    limits.max_connections = std::clamp<int64_t>(room, 1, limits.max_connections);
  }
  return settings;
}

std::string Listener::AddressText() const {
  return absl::StrJoin(connections->sockets(), ",",
                       [](std::string* text, const ListeningSocket& socket) {
                         absl::StrAppend(text, socket.address.text());
                       });
}

absl::StatusOr<Listener> Listen(const ListenerSettings& settings,
                                const std::vector<grpc::Service*>& services, Reception* reception) {
  Listener listener;
  absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> acceptor =
      ConnectionAcceptor::Listen(settings.address, settings.limits);
  if (!acceptor.ok()) {
    return absl::Status(acceptor.status().code(), absl::StrCat("--listen=", settings.address, ": ",
                                                               acceptor.status().message()));
  }
  listener.connections = *std::move(acceptor);
  CLUSTR_RETURN_IF_ERROR(CheckPlaintext(settings, listener.connections->sockets()));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  listener.feed = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      settings.certificates == nullptr ? grpc::InsecureServerCredentials()
                                       : TlsServerCredentials(settings.certificates));
  // A small compressed message can expand to gigabytes before any limit applies.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  // Clients may ping an idle connection, with or without calls, to notice a dead peer: followers do
  // so every 5 s.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Otherwise the windows of fast clients grow, and each call may bring megabytes that nobody reads.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(settings.max_streams));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE,
                             static_cast<int>(settings.max_metadata_bytes));
  builder.SetMaxReceiveMessageSize(static_cast<int>(settings.max_message_bytes));
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder.SetContextAllocator(ContextsOf(reception));
  for (grpc::Service* service : services) builder.RegisterService(service);
  listener.server = builder.BuildAndStart();
  listener.connections->Start([feed = listener.feed.get()](int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    feed->HandleNewConnection(&connection);
  });
  return listener;
}

}  // namespace clustr::rpc
