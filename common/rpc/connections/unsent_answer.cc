#include "common/rpc/connections/unsent_answer.h"

namespace clustr::rpc {

void UnsentAnswer::Count(const std::string& peer, int64_t bytes) {
  if (!peer.empty()) connection_ = Connection::From(peer);
  if (connection_ == nullptr) return;
  connection_->AddUnsent(bytes - counted_);
  counted_ = bytes;
}

}  // namespace clustr::rpc
