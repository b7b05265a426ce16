#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_TRAFFIC_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_TRAFFIC_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/rpc/connections/frame_reader.h"

namespace clustr::rpc {

// Limits on one connection. gRPC 1.51 enforces most of it only once the client has acknowledged
// the server's settings, which an attacker never does, or not at all.
struct TrafficLimits {
  // Bytes of the headers of one call, as sent, with at least 256 for each frame.
  int64_t max_header_bytes = 64 << 10;
  // Calls that are open at a time, and before the client has acknowledged the settings, which tell
  // it that number.
  int64_t max_open_calls = 500;
  int64_t max_first_calls = 100;
  // Memory that an open call takes besides its messages, which its connection holds as well. gRPC
  // 1.51 was measured to take 12 to 25 KB.
  int64_t call_bytes = 12 << 10;
  // Frames that carry nothing and make the server work: cancellations, pings, settings, windows,
  // priorities, empty pieces of a message. A new connection may send so many at once. It earns so
  // many more each second, one with each ping of the server, two with each frame of an answer and
  // one with each KiB in it, and one with the end of each, as busy clients widen their windows and
  // cancel; but never has more than the maximum. The first number lets a client cancel all calls
  // that it may have open.
  int64_t first_controls = 600;
  int64_t controls_per_second = 100;
  int64_t max_controls = 2000;
};

// State of a connection, derived from the frames that passed over it. Follows the calls of one
// client: their number, the bytes of requests that the server holds for them, and whether the
// client reads its answers. Not thread-safe. Times are in milliseconds of any steady clock.
class Traffic {
 public:
  Traffic(const TrafficLimits& limits, int64_t now_ms);

  // Reads bytes that the client sent. Returns why the connection must be closed, or "".
  absl::string_view Received(absl::string_view bytes, int64_t now_ms);
  // Reads bytes that the server sent.
  void Sent(absl::string_view bytes, int64_t now_ms);
  // Takes note of whether the server could send everything, as the client's socket is being read.
  void Blocked(bool blocked, int64_t now_ms);

  int64_t open_calls() const { return static_cast<int64_t>(calls_.size()); }
  // Calls that were ever opened.
  int64_t total_calls() const { return total_calls_; }
  // Bytes of requests of open calls that have arrived: of each call its current message.
  int64_t held_bytes() const { return held_bytes_; }
  // Bytes of messages that the client has sent, and that the server has, over the whole time.
  int64_t arrived_bytes() const { return arrived_bytes_; }
  int64_t sent_bytes() const { return sent_bytes_; }
  // Open calls whose answers the client has not let through for `min_ms`. O(open calls).
  int64_t StalledCalls(int64_t now_ms, int64_t min_ms) const;

 private:
  // How the windows of a client stand. It is used up if no byte may be sent.
  class Window {
   public:
    void Start(int64_t now_ms) { since_ms_ = now_ms; }
    void Add(int64_t bytes, int64_t now_ms);
    // How long it has been used up.
    int64_t UsedUpMs(int64_t initial, int64_t now_ms) const;

   private:
    int64_t more_ = 0;  // Bytes in addition to the initial size.
    int64_t since_ms_ = 0;
  };
  struct Call {
    Window window;
    int64_t held = 0;  // Bytes of its current message.
    uint32_t message_left = 0;
    uint8_t prefix_size = 0;  // Bytes of the length that have arrived, of 5.
  };
  // The two directions, as sinks of a FrameReader.
  class FromClient;
  class FromServer;

  void Open(uint32_t stream, int64_t now_ms);
  void Close(uint32_t stream);
  void TakeBody(Call& call, absl::string_view bytes);
  void TakeSettings(absl::string_view bytes);
  void TakeWindowUpdate(uint32_t stream, absl::string_view bytes, int64_t now_ms);
  void EarnControls(int64_t count);
  void CountControl(int64_t now_ms);

  const TrafficLimits limits_;
  absl::string_view verdict_;
  FrameReader from_client_{FrameReader::kPrefaceSize};
  FrameReader from_server_{0};

  absl::flat_hash_map<uint32_t, Call> calls_;  // By stream.
  bool acknowledged_ = false;
  uint32_t last_stream_ = 0;
  int64_t total_calls_ = 0;
  int64_t held_bytes_ = 0;
  int64_t arrived_bytes_ = 0;
  int64_t sent_bytes_ = 0;
  int64_t header_bytes_ = 0;  // Of the headers that are arriving.
  int64_t free_windows_ = 0;  // Changes of windows that do not count, as calls begin with some.
  int64_t controls_left_;
  int64_t refilled_ms_;

  int64_t initial_window_ = 65535;
  Window connection_window_;
  std::vector<char> collected_;  // The small payload of a frame that arrives in pieces.
  std::optional<int64_t> blocked_since_ms_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_TRAFFIC_H_
