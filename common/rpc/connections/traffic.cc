#include "common/rpc/connections/traffic.h"

#include <algorithm>

namespace clustr::rpc {
namespace {

// Even an empty frame of headers costs the server this much of a client's limit.
constexpr int64_t kMinHeaderFrame = 256;
// A window with no more room than this is used up, so that it cannot be kept open byte by byte.
constexpr int64_t kUsedUp = 1024;
constexpr int64_t kFirstWindow = 65535;
constexpr size_t kPrefixSize = 5;
constexpr size_t kMaxCollected = 600;
// A client of gRPC changes the windows of a call up to so often before the first answer.
constexpr int64_t kFreeWindows = 3;

uint32_t BigEndian(const char* bytes, size_t size) {
  uint32_t value = 0;
  for (size_t at = 0; at < size; ++at) value = value << 8 | static_cast<uint8_t>(bytes[at]);
  return value;
}

}  // namespace

void Traffic::Window::Add(int64_t bytes, int64_t now_ms) {
  more_ += bytes;
  if (bytes < 0 || bytes > kUsedUp) since_ms_ = now_ms;
}

int64_t Traffic::Window::UsedUpMs(int64_t initial, int64_t now_ms) const {
  return initial + more_ > kUsedUp ? 0 : now_ms - since_ms_;
}

class Traffic::FromClient {
 public:
  FromClient(Traffic& traffic, int64_t now_ms) : traffic_(traffic), now_ms_(now_ms) {}

  void Begin(const Frame& frame) {
    traffic_.collected_.clear();
    switch (frame.type) {
      case kHeaders:
        traffic_.header_bytes_ = 0;
        traffic_.Open(frame.stream, now_ms_);
        [[fallthrough]];
      case kContinuation:
        traffic_.header_bytes_ += std::max<int64_t>(frame.length, kMinHeaderFrame);
        if (traffic_.header_bytes_ > traffic_.limits_.max_header_bytes) {
          traffic_.verdict_ = "headers too large";
        }
        break;
      case kData:
        if (frame.length == 0 && (frame.flags & kEndStream) == 0) traffic_.CountControl(now_ms_);
        break;
      case kSettings:
        if ((frame.flags & kAck) != 0) {
          traffic_.acknowledged_ = true;
        } else {
          traffic_.CountControl(now_ms_);
        }
        break;
      case kWindowUpdate:
        if (traffic_.free_windows_ > 0) {
          --traffic_.free_windows_;
        } else {
          traffic_.CountControl(now_ms_);
        }
        break;
      case kRstStream:
        traffic_.Close(frame.stream);
        [[fallthrough]];
      default:
        traffic_.CountControl(now_ms_);
    }
  }

  void Payload(const Frame& frame, absl::string_view bytes) {
    if (frame.type == kData) {
      const auto call = traffic_.calls_.find(frame.stream);
      if (call != traffic_.calls_.end()) traffic_.TakeBody(call->second, bytes);
    } else if (frame.type == kSettings || frame.type == kWindowUpdate) {
      const size_t room = kMaxCollected - std::min(kMaxCollected, traffic_.collected_.size());
      const absl::string_view taken = bytes.substr(0, room);
      traffic_.collected_.insert(traffic_.collected_.end(), taken.begin(), taken.end());
    }
  }

  void End(const Frame& frame) {
    const absl::string_view payload(traffic_.collected_.data(), traffic_.collected_.size());
    if (frame.type == kSettings) traffic_.TakeSettings(payload);
    if (frame.type == kWindowUpdate) traffic_.TakeWindowUpdate(frame.stream, payload, now_ms_);
  }

 private:
  Traffic& traffic_;
  const int64_t now_ms_;
};

class Traffic::FromServer {
 public:
  FromServer(Traffic& traffic, int64_t now_ms) : traffic_(traffic), now_ms_(now_ms) {}

  void Begin(const Frame& frame) {
    if (frame.type == kData) {
      traffic_.EarnControls(2 + frame.length / 1024);
      traffic_.connection_window_.Add(-int64_t{frame.length}, now_ms_);
      const auto call = traffic_.calls_.find(frame.stream);
      if (call != traffic_.calls_.end()) call->second.window.Add(-int64_t{frame.length}, now_ms_);
    }
    const bool ends =
        (frame.type == kData || frame.type == kHeaders) && (frame.flags & kEndStream) != 0;
    if (ends || (frame.type == kPing && (frame.flags & kAck) == 0)) traffic_.EarnControls(1);
    if (ends || frame.type == kRstStream) traffic_.Close(frame.stream);
  }
  void Payload(const Frame& frame, absl::string_view bytes) {
    if (frame.type == kData) traffic_.sent_bytes_ += static_cast<int64_t>(bytes.size());
  }
  void End(const Frame&) {}

 private:
  Traffic& traffic_;
  const int64_t now_ms_;
};

Traffic::Traffic(const TrafficLimits& limits, int64_t now_ms)
    : limits_(limits), controls_left_(limits.first_controls), refilled_ms_(now_ms) {}

absl::string_view Traffic::Received(absl::string_view bytes, int64_t now_ms) {
  FromClient sink(*this, now_ms);
  from_client_.Read(bytes, sink);
  return verdict_;
}

void Traffic::Sent(absl::string_view bytes, int64_t now_ms) {
  FromServer sink(*this, now_ms);
  from_server_.Read(bytes, sink);
}

void Traffic::Blocked(bool blocked, int64_t now_ms) {
  if (!blocked) {
    blocked_since_ms_.reset();
  } else if (!blocked_since_ms_.has_value()) {
    blocked_since_ms_ = now_ms;
  }
}

int64_t Traffic::StalledCalls(int64_t now_ms, int64_t min_ms) const {
  const bool all = (blocked_since_ms_.has_value() && now_ms - *blocked_since_ms_ >= min_ms) ||
                   connection_window_.UsedUpMs(kFirstWindow, now_ms) >= min_ms;
  if (all) return open_calls();
  return std::count_if(calls_.begin(), calls_.end(), [&](const auto& call) {
    return call.second.window.UsedUpMs(initial_window_, now_ms) >= min_ms;
  });
}

void Traffic::Open(uint32_t stream, int64_t now_ms) {
  if (stream <= last_stream_) return;  // The end of an earlier call.
  last_stream_ = stream;
  ++total_calls_;
  free_windows_ += kFreeWindows;
  calls_[stream].window.Start(now_ms);
  const int64_t max = acknowledged_ ? limits_.max_open_calls : limits_.max_first_calls;
  if (open_calls() > max) verdict_ = "too many open calls";
}

void Traffic::Close(uint32_t stream) {
  const auto call = calls_.find(stream);
  if (call == calls_.end()) return;
  held_bytes_ -= call->second.held;
  calls_.erase(call);
}

// A message is preceded by one byte of flags and four of length.
void Traffic::TakeBody(Call& call, absl::string_view bytes) {
  arrived_bytes_ += static_cast<int64_t>(bytes.size());
  while (!bytes.empty()) {
    if (call.prefix_size == kPrefixSize && call.message_left == 0) {
      held_bytes_ -= call.held;
      call.held = 0;
      call.prefix_size = 0;
    }
    size_t used = 1;
    if (call.prefix_size < kPrefixSize) {
      ++call.prefix_size;
      // The flags are shifted out by the four bytes that follow.
      call.message_left = call.message_left << 8 | static_cast<uint8_t>(bytes[0]);
    } else {
      used = std::min<size_t>(bytes.size(), call.message_left);
      call.message_left -= static_cast<uint32_t>(used);
    }
    call.held += static_cast<int64_t>(used);
    held_bytes_ += static_cast<int64_t>(used);
    bytes.remove_prefix(used);
  }
}

void Traffic::TakeSettings(absl::string_view bytes) {
  constexpr size_t kEntry = 6;
  for (; bytes.size() >= kEntry; bytes.remove_prefix(kEntry)) {
    if (BigEndian(bytes.data(), 2) == kInitialWindowSize) {
      initial_window_ = BigEndian(bytes.data() + 2, 4);
    }
  }
}

void Traffic::TakeWindowUpdate(uint32_t stream, absl::string_view bytes, int64_t now_ms) {
  if (bytes.size() != 4) return;
  const int64_t more = BigEndian(bytes.data(), 4) & 0x7fffffff;
  if (stream == 0) return connection_window_.Add(more, now_ms);
  const auto call = calls_.find(stream);
  if (call != calls_.end()) call->second.window.Add(more, now_ms);
}

void Traffic::EarnControls(int64_t count) {
  controls_left_ = std::min(controls_left_ + count, limits_.max_controls);
}

void Traffic::CountControl(int64_t now_ms) {
  const int64_t earned = (now_ms - refilled_ms_) * limits_.controls_per_second / 1000;
  if (earned > 0) {
    EarnControls(earned);
    refilled_ms_ = now_ms;
  }
  if (--controls_left_ < 0) verdict_ = "too many cancellations, pings or empty frames";
}

}  // namespace clustr::rpc
