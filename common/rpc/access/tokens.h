#ifndef CLUSTR_COMMON_RPC_ACCESS_TOKENS_H_
#define CLUSTR_COMMON_RPC_ACCESS_TOKENS_H_

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clustr::rpc {

// The bearer tokens that a server accepts, by their SHA-256, so that the file tells nobody a token.
// Immutable and thread-safe.
class Tokens {
 public:
  // Reads lines `NAME SHA256`, the latter in 64 hexadecimal digits; empty lines and those that
  // begin with # are ignored. INVALID_ARGUMENT, with a text for an operator that names the line.
  static absl::StatusOr<Tokens> Parse(absl::string_view text);

  // The name of a token; unset if it is not known. Tells nothing about known tokens by the time it
  // takes, as it looks for the hash of what is given.
  std::optional<std::string> NameOf(absl::string_view token) const;

 private:
  absl::flat_hash_map<std::string, std::string> names_;  // By the bytes of the hash.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ACCESS_TOKENS_H_
