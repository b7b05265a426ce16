// What a stranger sends before any library has seen it: the frames of HTTP/2 and the first bytes of
// TLS. However the bytes arrive, in one piece or in many, the frames are those that a plain parser
// of the whole text finds, and a connection is judged alike. What the connection holds is never
// negative, and never more than what arrived.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/connections/client_hello.h"
#include "common/rpc/connections/frame_reader.h"
#include "common/rpc/connections/traffic.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"

namespace clustr::fuzz {
namespace {

using rpc::ClientHello;
using rpc::Frame;
using rpc::FrameReader;
using rpc::Traffic;

// One line for each event, with the payload of a frame in one piece.
class Transcript {
 public:
  void Begin(const Frame& frame) {
    absl::StrAppend(&text_, frame.length, " ", frame.type, " ", frame.flags, " ", frame.stream,
                    ":");
  }
  void Payload(const Frame&, absl::string_view bytes) {
    Check(!bytes.empty(), "a piece of a payload is not empty");
    absl::StrAppend(&text_, absl::BytesToHexString(bytes));
  }
  void End(const Frame&) { absl::StrAppend(&text_, ".\n"); }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// The same, from all bytes at once, as RFC 9113 defines a frame in section 4.1.
std::string PlainTranscript(absl::string_view bytes, size_t preface) {
  std::string text;
  bytes.remove_prefix(std::min(bytes.size(), preface));
  while (bytes.size() >= 9) {
    const auto* b = reinterpret_cast<const uint8_t*>(bytes.data());
    const size_t length = size_t{b[0]} * 65536 + size_t{b[1]} * 256 + b[2];
    const uint32_t stream = (b[5] * 16777216u + b[6] * 65536u + b[7] * 256u + b[8]) % 2147483648u;
    absl::StrAppend(&text, length, " ", b[3], " ", b[4], " ", stream, ":");
    bytes.remove_prefix(9);
    absl::StrAppend(&text, absl::BytesToHexString(bytes.substr(0, length)));
    if (bytes.size() < length) break;
    absl::StrAppend(&text, ".\n");
    bytes.remove_prefix(length);
  }
  return text;
}

// Frames with lengths that fit, so that the input reaches what follows them.
std::string MakeFrames(Input* input, size_t count) {
  std::string frames;
  for (size_t i = 0; i < count && !input->empty(); ++i) {
    const std::string payload = input->Bytes(input->Below(32));
    const uint8_t head[] = {0,
                            0,
                            static_cast<uint8_t>(payload.size()),
                            static_cast<uint8_t>(input->Below(11)),
                            input->Any<uint8_t>({0, 1, 4, 5, 8}),
                            0,
                            0,
                            0,
                            static_cast<uint8_t>(input->Below(12))};
    frames.append(reinterpret_cast<const char*>(head), sizeof(head));
    frames += payload;
  }
  return frames;
}

// Calls `take` with all bytes, in pieces of `sizes`, which are repeated.
template <class Take>
void InPieces(absl::string_view bytes, const std::string& sizes, Take take) {
  for (size_t i = 0; !bytes.empty(); ++i) {
    const size_t size =
        sizes.empty() ? bytes.size() : 1 + static_cast<uint8_t>(sizes[i % sizes.size()]) % 40;
    take(bytes.substr(0, size));
    bytes.remove_prefix(std::min(size, bytes.size()));
  }
}

std::string Judge(const std::string& received, const std::string& sent, const std::string& sizes) {
  const rpc::TrafficLimits limits = {.max_header_bytes = 600,
                                     .max_open_calls = 4,
                                     .max_first_calls = 2,
                                     .first_controls = 8,
                                     .controls_per_second = 1,
                                     .max_controls = 10};
  Traffic traffic(limits, 0);
  std::string verdict;
  InPieces(received, sizes, [&](absl::string_view piece) {
    verdict = std::string(traffic.Received(piece, 1000));
    Check(traffic.held_bytes() >= 0, "a connection never holds less than nothing");
  });
  Check(traffic.held_bytes() <= static_cast<int64_t>(received.size()), "it holds what arrived");
  InPieces(sent, sizes, [&](absl::string_view piece) { traffic.Sent(piece, 2000); });
  Check(traffic.open_calls() <= traffic.total_calls(), "an open call was opened");
  Check(traffic.StalledCalls(9000, 500) <= traffic.open_calls(), "a stalled call is open");
  if (traffic.open_calls() == 0) Check(traffic.held_bytes() == 0, "without calls nothing is held");
  return absl::StrCat(verdict, " ", traffic.open_calls(), " ", traffic.total_calls(), " ",
                      traffic.held_bytes(), " ", traffic.StalledCalls(9000, 500));
}

void CheckHello(const std::string& bytes, const std::string& sizes) {
  ClientHello hello;
  int completed = 0;
  InPieces(bytes, sizes, [&](absl::string_view piece) { completed += hello.Add(piece); });
  Check(completed == (bytes.size() >= 43 ? 1 : 0), "a random number is completed once");
  Check(hello.random() == (bytes.size() > 11 ? bytes.substr(11, 32) : ""),
        "it is the 32 bytes after the first 11");
}

void Run(Input input) {
  const std::string sizes = input.Bytes(input.Below(6));
  const bool raw = input.OneIn(4);
  const std::string frames = MakeFrames(&input, raw ? 0 : 1 + input.Below(24));
  const std::string answers = MakeFrames(&input, input.Below(12));
  const std::string rest = input.Rest();
  const std::string received = std::string(FrameReader::kPrefaceSize, 'P') + frames + rest;
  const std::string about = absl::BytesToHexString(received);
  Transcript transcript;
  FrameReader reader(FrameReader::kPrefaceSize);
  InPieces(received, sizes, [&](absl::string_view piece) { reader.Read(piece, transcript); });
  Check(transcript.text() == PlainTranscript(received, FrameReader::kPrefaceSize),
        "the frames are those of a plain parser", about);
  Check(Judge(received, answers + rest, sizes) == Judge(received, answers + rest, ""),
        "a connection is judged alike, however its bytes arrive", about);
  CheckHello(rest, sizes);
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
