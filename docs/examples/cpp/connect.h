// Channels to the servers of Clustr, as a backend should have them (docs/clients.md).
#ifndef CONNECT_H_
#define CONNECT_H_

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"

// Calls go in turn to all servers behind a name that are ready. What may be repeated is repeated
// when a server goes away: the purchase too, since it has a request_id.
inline constexpr char kServiceConfig[] = R"({
  "loadBalancingConfig": [{"round_robin": {}}],
  "healthCheckConfig": {"serviceName": ""},
  "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
  "methodConfig": [
    {
      "name": [
        {"service": "clustr.bundles.v1.RecommendationService"},
        {"service": "clustr.sales.v1.TransactionService", "method": "RecordPurchase"}
      ],
      "timeout": "5s",
      "retryPolicy": {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "1s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]
      }
    }
  ]
})";

// The text of the file that a variable of the environment names; "" if it is not set.
inline std::string ReadNamed(const char* variable) {
  const char* path = std::getenv(variable);
  if (path == nullptr) return "";
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A channel over TLS if $CLUSTR_CA names the certificate of an authority, showing those in
// $CLUSTR_CERT and $CLUSTR_KEY, if any; in plaintext otherwise.
inline std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                              grpc::ChannelArguments settings = {}) {
  settings.SetServiceConfigJSON(kServiceConfig);
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadNamed("CLUSTR_CA");
  tls.pem_cert_chain = ReadNamed("CLUSTR_CERT");
  tls.pem_private_key = ReadNamed("CLUSTR_KEY");
  return grpc::CreateCustomChannel(
      address,
      tls.pem_root_certs.empty() ? grpc::InsecureChannelCredentials() : grpc::SslCredentials(tls),
      settings);
}

#endif  // CONNECT_H_
