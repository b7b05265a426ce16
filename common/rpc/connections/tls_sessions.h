#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_TLS_SESSIONS_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_TLS_SESSIONS_H_

#include <memory>
#include <string>

namespace clustr::rpc {

class Connection;

// Finds the connection that a TLS session of OpenSSL belongs to, so that the frames inside are
// watched as those of plaintext are. gRPC 1.51 gives a session no socket, but both know the random
// number of the client's first message: the connection reads it from its bytes, the session has it
// as SSL_get_client_random. Frames of a session that belongs to no connection are not passed on.
//
// For this, the library defines the functions SSL_read and SSL_write of the process, which libgrpc
// calls: they call OpenSSL and, for sessions of a server, show the bytes to the connection.
// Thread-safe.
class TlsSessions {
 public:
  // A session with this random number of 32 bytes belongs to `connection`. If a client repeats the
  // number of another, both are refused.
  static void Expect(const std::string& random, std::shared_ptr<Connection> connection);
  // Must be called when a connection is closed. No effect for a number that is not expected.
  static void Forget(const std::string& random);
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_TLS_SESSIONS_H_
