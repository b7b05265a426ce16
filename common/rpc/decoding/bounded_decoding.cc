// Decodes the requests of every method within the limits of its fields.
//
// gRPC 1.51 decodes a message before anything of this project sees it, by calling
// MessageLite::ParseFromZeroCopyStream, and offers no place to look at its bytes before. So the
// linker sends the calls of this program to the function below; see CMakeLists.txt. It costs a
// small message nothing, and a larger one some percent of the time that decoding takes.

#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "common/schema/wire/entry_limits.h"
#include "google/protobuf/io/zero_copy_stream.h"
#include "google/protobuf/message.h"

namespace clustr::rpc {
namespace {

// Smaller messages are not checked: decoded, even the worst one takes only a few megabytes.
constexpr size_t kLarge = size_t{64} << 10;

// The contract names the request of a method so, and nothing else.
bool IsRequest(const google::protobuf::Descriptor& type) {
  return absl::EndsWith(type.name(), "Request");
}

bool Decode(absl::string_view wire, google::protobuf::MessageLite* message) {
  if (wire.size() >= kLarge) {
    const auto* const full = dynamic_cast<const google::protobuf::Message*>(message);
    if (full != nullptr && IsRequest(*full->GetDescriptor())) {
      if (const auto kept = schema::WithinEntryLimits(*full->GetDescriptor(), wire)) {
        return message->ParseFromString(*kept);
      }
    }
  }
  return message->ParseFromArray(wire.data(), static_cast<int>(wire.size()));
}

bool DecodeAll(google::protobuf::io::ZeroCopyInputStream& input,
               google::protobuf::MessageLite* message) {
  // Pieces of what gRPC received stay in memory as long as the whole does.
  absl::InlinedVector<absl::string_view, 8> pieces;
  size_t total = 0;
  const void* piece = nullptr;
  for (int size = 0; input.Next(&piece, &size); total += static_cast<size_t>(size)) {
    pieces.emplace_back(static_cast<const char*>(piece), static_cast<size_t>(size));
  }
  if (pieces.size() <= 1) return Decode(pieces.empty() ? "" : pieces.front(), message);
  std::string whole;
  whole.reserve(total);
  for (const absl::string_view part : pieces) whole.append(part.data(), part.size());
  return Decode(whole, message);
}

}  // namespace
}  // namespace clustr::rpc

// The linker makes calls of MessageLite::ParseFromZeroCopyStream call this function instead.
extern "C" bool
// NOLINTNEXTLINE(bugprone-reserved-identifier)
__wrap__ZN6google8protobuf11MessageLite23ParseFromZeroCopyStreamEPNS0_2io19ZeroCopyInputStreamE(
    google::protobuf::MessageLite* message, google::protobuf::io::ZeroCopyInputStream* input) {
  return clustr::rpc::DecodeAll(*input, message);
}
