#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_CLIENT_HELLO_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_CLIENT_HELLO_H_

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace clustr::rpc {

// Takes the client's random number out of the first bytes that a TLS client sends (RFC 8446, 4.1.2
// and 5.1; TLS 1.2 has it at the same place): a record header of 5 bytes, a message header of 4, a
// version of 2, and the random number. Not thread-safe.
class ClientHello {
 public:
  // Adds bytes as they arrive. True once, when they complete the random number.
  bool Add(absl::string_view bytes) {
    if (random_.size() == kSize) return false;
    const size_t skipped = std::min(bytes.size(), kBefore - skipped_);
    skipped_ += skipped;
    bytes.remove_prefix(skipped);
    random_.append(bytes.data(), std::min(bytes.size(), kSize - random_.size()));
    return random_.size() == kSize;
  }

  // The random number, of 32 bytes once it is complete.
  const std::string& random() const { return random_; }

 private:
  static constexpr size_t kBefore = 11;
  static constexpr size_t kSize = 32;
  size_t skipped_ = 0;
  std::string random_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_CLIENT_HELLO_H_
