#include "common/rpc/stream_in.h"

#include "absl/strings/str_cat.h"

namespace clustr::rpc {

absl::Status UndecodableMessage(int64_t number, const google::protobuf::Descriptor& request) {
  return absl::UnimplementedError(
      absl::StrCat("message ", number, " of the stream cannot be decoded as ", request.full_name(),
                   "; send that message, with its texts in UTF-8"));
}

}  // namespace clustr::rpc
