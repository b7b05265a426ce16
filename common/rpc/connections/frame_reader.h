#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_FRAME_READER_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_FRAME_READER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace clustr::rpc {

// Types, flags and settings of HTTP/2 (RFC 9113) that matter here.
enum FrameType : uint8_t {
  kData = 0,
  kHeaders = 1,
  kRstStream = 3,
  kSettings = 4,
  kPing = 6,
  kWindowUpdate = 8,
  kContinuation = 9,
};
inline constexpr uint8_t kEndStream = 0x1;  // Of DATA and HEADERS.
inline constexpr uint8_t kAck = 0x1;        // Of SETTINGS and PING.
inline constexpr uint8_t kEndHeaders = 0x4;
inline constexpr uint16_t kInitialWindowSize = 4;

// The first nine bytes of a frame.
struct Frame {
  uint32_t length;  // Of the payload that follows.
  uint8_t type;
  uint8_t flags;
  uint32_t stream;
};

// Divides the bytes of one direction of a connection into frames, however they arrive. Keeps no
// payload. Not thread-safe.
class FrameReader {
 public:
  // A client sends kPrefaceSize bytes before its first frame; a server sends none.
  static constexpr size_t kPrefaceSize = 24;
  explicit FrameReader(size_t preface_size) : preface_left_(preface_size) {}

  // Calls `sink` for each frame in turn: Begin(frame), then Payload(frame, bytes) for each piece,
  // then End(frame).
  template <class Sink>
  void Read(absl::string_view bytes, Sink& sink) {
    while (!bytes.empty()) {
      size_t used = 0;
      if (preface_left_ > 0) {
        used = std::min(bytes.size(), preface_left_);
        preface_left_ -= used;
      } else if (header_size_ < header_.size()) {
        used = std::min(bytes.size(), header_.size() - header_size_);
        std::copy_n(bytes.data(), used, header_.data() + header_size_);
        header_size_ += used;
        if (header_size_ == header_.size()) Begin(sink);
      } else {
        used = std::min<size_t>(bytes.size(), payload_left_);
        sink.Payload(frame_, bytes.substr(0, used));
        payload_left_ -= static_cast<uint32_t>(used);
        if (payload_left_ == 0) End(sink);
      }
      bytes.remove_prefix(used);
    }
  }

 private:
  template <class Sink>
  void Begin(Sink& sink) {
    const auto byte = [this](size_t at) {
      return static_cast<uint32_t>(static_cast<uint8_t>(header_[at]));
    };
    frame_.length = byte(0) << 16 | byte(1) << 8 | byte(2);
    frame_.type = static_cast<uint8_t>(byte(3));
    frame_.flags = static_cast<uint8_t>(byte(4));
    frame_.stream = (byte(5) & 0x7f) << 24 | byte(6) << 16 | byte(7) << 8 | byte(8);
    payload_left_ = frame_.length;
    sink.Begin(frame_);
    if (payload_left_ == 0) End(sink);
  }

  template <class Sink>
  void End(Sink& sink) {
    sink.End(frame_);
    header_size_ = 0;
  }

  size_t preface_left_;
  std::array<char, 9> header_;
  size_t header_size_ = 0;
  Frame frame_ = {};
  uint32_t payload_left_ = 0;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_FRAME_READER_H_
