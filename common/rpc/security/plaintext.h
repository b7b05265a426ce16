#ifndef CLUSTR_COMMON_RPC_SECURITY_PLAINTEXT_H_
#define CLUSTR_COMMON_RPC_SECURITY_PLAINTEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace clustr::rpc {

// True for the text of an address of this machine's loopback, such as 127.0.0.1 or ::1, and for
// localhost. No name is looked up.
bool IsLoopback(const std::string& host);

// True if what is sent to `target` never leaves this machine: a socket in the file system, or
// addresses of loopback alone. A target of gRPC: HOST:PORT, or one with a scheme, such as
// dns:///HOST:PORT, ipv4:HOST:PORT,HOST:PORT or unix:PATH.
bool StaysOnThisMachine(absl::string_view target);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_SECURITY_PLAINTEXT_H_
