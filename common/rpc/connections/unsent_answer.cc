#include "common/rpc/connections/unsent_answer.h"

namespace clustr::rpc {

void UnsentAnswer::Set(const std::string& peer, size_t bytes) {
  if (!peer.empty()) connection_ = Connection::From(peer);
  if (connection_ == nullptr) return;
  const int64_t counts = 3 * static_cast<int64_t>(bytes);
  connection_->AddUnsent(counts - counted_);
  counted_ = counts;
}

}  // namespace clustr::rpc
