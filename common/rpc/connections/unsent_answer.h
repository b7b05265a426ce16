#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_UNSENT_ANSWER_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_UNSENT_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "common/rpc/connections/connection.h"

namespace clustr::rpc {

// An answer of a call that gRPC holds until the client has taken it. Large ones count among the
// bytes that their connection holds: a client that asks for much and reads nothing is disconnected
// once all hold too much. Not thread-safe.
class UnsentAnswer {
 public:
  UnsentAnswer() = default;
  // Counts no more.
  ~UnsentAnswer() { Count("", 0); }
  UnsentAnswer(const UnsentAnswer&) = delete;
  UnsentAnswer& operator=(const UnsentAnswer&) = delete;

  // Encodings that are smaller count nothing: they are bounded by the number of open calls.
  static constexpr size_t kLarge = 4096;

  // gRPC holds `bytes` for the answer, or for the next message of it after the one before was
  // taken; 0 for one that is not large. `peer` is that of the call's context; a call that comes
  // over no watched connection counts nothing.
  template <class Context>
  void Begin(const Context& context, size_t bytes) {
    if (bytes == 0 && counted_ == 0) return;
    Count(connection_ == nullptr ? context.peer() : "", static_cast<int64_t>(bytes));
  }

 private:
  // Counts `bytes` in place of those before. Looks for the connection of `peer` unless it is "".
  void Count(const std::string& peer, int64_t bytes);

  std::shared_ptr<Connection> connection_;
  int64_t counted_ = 0;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_UNSENT_ANSWER_H_
