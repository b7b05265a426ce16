#ifndef CLUSTR_COMMON_RPC_SECURITY_TLS_SERVER_CREDENTIALS_H_
#define CLUSTR_COMMON_RPC_SECURITY_TLS_SERVER_CREDENTIALS_H_

#include <memory>

#include "common/rpc/security/certificate_watch.h"
#include "grpcpp/security/server_credentials.h"

namespace clustr::rpc {

// Credentials with which a server speaks TLS 1.2 or later. Each handshake uses the certificates
// that are in force in `watch` by then; connections that are open go on. If there are authorities,
// a client without a certificate that one of them signed is turned away.
//
// The C++ interface of gRPC 1.51 has no credentials like these: its SslServerCredentials never
// change, and its FileWatcherCertificateProvider serves unchecked files, so that one bad file
// takes the server down. The C interface, which this uses, asks before each handshake.
std::shared_ptr<grpc::ServerCredentials> TlsServerCredentials(
    std::shared_ptr<const CertificateWatch> watch);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_SECURITY_TLS_SERVER_CREDENTIALS_H_
