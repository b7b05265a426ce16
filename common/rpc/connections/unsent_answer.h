#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_UNSENT_ANSWER_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_UNSENT_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "common/rpc/connections/connection.h"

namespace clustr::rpc {

// An answer of a call that gRPC holds until the client has taken it. Large ones count among the
// bytes that their connection holds, three times, as gRPC keeps the message, which takes twice its
// encoding or more, and the encoding: a client that asks for much and reads nothing is disconnected
// once all hold too much. Not thread-safe.
class UnsentAnswer {
 public:
  UnsentAnswer() = default;
  // Counts no more.
  ~UnsentAnswer() { Set("", 0); }
  UnsentAnswer(const UnsentAnswer&) = delete;
  UnsentAnswer& operator=(const UnsentAnswer&) = delete;

  // The answer, or the next message of it after the one before was taken, has `bytes`. `peer` is
  // that of the call's context; a call that comes over no watched connection counts nothing.
  template <class Context>
  void Begin(const Context& context, size_t bytes) {
    if (bytes >= kLarge) {
      Set(connection_ == nullptr ? context.peer() : "", bytes);
    } else if (counted_ > 0) {
      Set("", 0);
    }
  }

 private:
  // Smaller ones are bounded by the number of open calls.
  static constexpr size_t kLarge = 4096;

  // Counts `bytes` in place of those before. Looks for the connection of `peer` unless it is "".
  void Set(const std::string& peer, size_t bytes);

  std::shared_ptr<Connection> connection_;
  int64_t counted_ = 0;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_UNSENT_ANSWER_H_
