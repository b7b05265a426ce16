#include "common/rpc/connections/traffic.h"

#include <string>

#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr uint8_t kPriority = 2;
constexpr int64_t kNow = 1'000'000;

std::string BigEndian(uint32_t value, int bytes) {
  std::string text;
  for (int at = bytes - 1; at >= 0; --at) text.push_back(static_cast<char>(value >> 8 * at & 0xff));
  return text;
}

std::string FrameOf(uint8_t type, uint8_t flags, uint32_t stream, const std::string& payload) {
  return BigEndian(static_cast<uint32_t>(payload.size()), 3) + static_cast<char>(type) +
         static_cast<char>(flags) + BigEndian(stream, 4) + payload;
}

std::string Message(size_t size) {
  return std::string(1, '\0') + BigEndian(static_cast<uint32_t>(size), 4) + std::string(size, 'x');
}

std::string Opening(uint32_t stream) { return FrameOf(kHeaders, kEndHeaders, stream, "headers"); }
std::string Acknowledgement() { return FrameOf(kSettings, kAck, 0, ""); }
std::string Reset(uint32_t stream) { return FrameOf(kRstStream, 0, stream, BigEndian(8, 4)); }
std::string WindowUpdate(uint32_t stream, uint32_t more) {
  return FrameOf(kWindowUpdate, 0, stream, BigEndian(more, 4));
}
std::string InitialWindow(uint32_t size) {
  return FrameOf(kSettings, 0, 0, BigEndian(kInitialWindowSize, 2) + BigEndian(size, 4));
}
std::string Answer(uint32_t stream, size_t size) {
  return FrameOf(kData, 0, stream, std::string(size, 'y'));
}
std::string Trailers(uint32_t stream) {
  return FrameOf(kHeaders, kEndHeaders | kEndStream, stream, "trailers");
}

// A client that has introduced itself.
class TrafficTest : public ::testing::Test {
 protected:
  TrafficTest() { EXPECT_EQ(Receives(kPreface + FrameOf(kSettings, 0, 0, "")), ""); }

  std::string Receives(const std::string& bytes, int64_t now_ms = kNow) {
    return std::string(traffic_.Received(bytes, now_ms));
  }
  void Sends(const std::string& bytes, int64_t now_ms = kNow) { traffic_.Sent(bytes, now_ms); }

  const TrafficLimits limits_;
  Traffic traffic_{limits_, kNow};
};

TEST_F(TrafficTest, ACallIsOpenUntilItsAnswerEnds) {
  EXPECT_EQ(Receives(Opening(1) + FrameOf(kData, kEndStream, 1, Message(10))), "");
  EXPECT_EQ(traffic_.open_calls(), 1);
  Sends(FrameOf(kHeaders, kEndHeaders, 1, "headers") + Answer(1, 10));
  EXPECT_EQ(traffic_.open_calls(), 1);
  Sends(Trailers(1));
  EXPECT_EQ(traffic_.open_calls(), 0);
  EXPECT_EQ(traffic_.total_calls(), 1);
}

TEST_F(TrafficTest, ACallEndsWhenEitherSideResetsIt) {
  EXPECT_EQ(Receives(Opening(1) + Opening(3) + Reset(1)), "");
  Sends(Reset(3));
  EXPECT_EQ(traffic_.open_calls(), 0);
}

TEST_F(TrafficTest, BytesOfARequestAreHeldUntilItIsAnswered) {
  EXPECT_EQ(Receives(Opening(1) + FrameOf(kData, kEndStream, 1, Message(1000))), "");
  EXPECT_EQ(traffic_.held_bytes(), 1005);
  Sends(Trailers(1));
  EXPECT_EQ(traffic_.held_bytes(), 0);
}

TEST_F(TrafficTest, OfAStreamOfMessagesTheCurrentOneIsHeld) {
  EXPECT_EQ(Receives(Opening(1) + FrameOf(kData, 0, 1, Message(1000) + Message(20))), "");
  EXPECT_EQ(traffic_.held_bytes(), 25);
  EXPECT_EQ(Receives(FrameOf(kData, 0, 1, Message(7).substr(0, 6))), "");
  EXPECT_EQ(traffic_.held_bytes(), 6);
}

TEST_F(TrafficTest, AMessageThatNeverEndsIsHeldAsFarAsItCame) {
  EXPECT_EQ(Receives(Opening(1) + FrameOf(kData, 0, 1, Message(4000).substr(0, 3000))), "");
  EXPECT_EQ(traffic_.held_bytes(), 3000);
}

TEST_F(TrafficTest, BytesOfMessagesAreCountedInBothDirections) {
  Receives(Opening(1) + FrameOf(kData, 0, 1, Message(1000)));
  Receives(FrameOf(kData, 0, 1, Message(7).substr(0, 6)));
  Sends(FrameOf(kHeaders, kEndHeaders, 1, "headers") + FrameOf(kData, 0, 1, Message(10)));
  EXPECT_EQ(traffic_.arrived_bytes(), 1011);
  EXPECT_EQ(traffic_.sent_bytes(), 15);
  Sends(Trailers(1));
  EXPECT_EQ(traffic_.arrived_bytes(), 1011);
}

TEST_F(TrafficTest, FramesMayArriveInPiecesOfAnySize) {
  const std::string bytes = Acknowledgement() + Opening(1) + InitialWindow(0) +
                            FrameOf(kData, 0, 1, Message(300)) +
                            FrameOf(kData, kEndStream, 1, Message(30).substr(0, 20));
  for (const char byte : bytes) EXPECT_EQ(Receives(std::string(1, byte)), "");
  EXPECT_EQ(traffic_.held_bytes(), 20);
  EXPECT_EQ(traffic_.StalledCalls(kNow + 1000, 1000), 1);
}

TEST_F(TrafficTest, HeadersThatGrowBeyondTheLimitEndTheConnection) {
  std::string verdict = Receives(FrameOf(kHeaders, 0, 1, std::string(16'000, 'h')));
  for (int frame = 0; frame < 4; ++frame) {
    EXPECT_EQ(verdict, "");
    verdict = Receives(FrameOf(kContinuation, 0, 1, std::string(16'000, 'h')));
  }
  EXPECT_EQ(verdict, "headers too large");
}

TEST_F(TrafficTest, EmptyContinuationsCountAsHeaders) {
  std::string verdict = Receives(FrameOf(kHeaders, 0, 1, ""));
  int frames = 0;
  while (verdict.empty() && ++frames < 1000) verdict = Receives(FrameOf(kContinuation, 0, 1, ""));
  EXPECT_EQ(verdict, "headers too large");
  EXPECT_LT(frames, 300);
}

TEST_F(TrafficTest, ManyCallsWithLargeHeadersArePermitted) {
  EXPECT_EQ(Receives(Acknowledgement()), "");
  for (uint32_t stream = 1; stream < 401; stream += 2) {
    EXPECT_EQ(Receives(FrameOf(kHeaders, kEndHeaders, stream, std::string(8'000, 'h'))), "");
  }
}

TEST_F(TrafficTest, OpenCallsAreLimited) {
  EXPECT_EQ(Receives(Acknowledgement()), "");
  for (uint32_t call = 0; call < limits_.max_open_calls; ++call) {
    ASSERT_EQ(Receives(Opening(2 * call + 1)), "") << call;
  }
  EXPECT_EQ(Receives(Opening(99'999)), "too many open calls");
}

TEST_F(TrafficTest, FewerCallsMayBeOpenBeforeTheSettingsAreAcknowledged) {
  for (uint32_t call = 0; call < limits_.max_first_calls; ++call) {
    ASSERT_EQ(Receives(Opening(2 * call + 1)), "") << call;
  }
  EXPECT_EQ(Receives(Opening(99'999)), "too many open calls");
}

TEST_F(TrafficTest, RapidResetsEndTheConnection) {
  std::string verdict;
  uint32_t stream = 1;
  for (; verdict.empty() && stream < 10'000; stream += 2) {
    verdict = Receives(Opening(stream) + Reset(stream));
  }
  EXPECT_EQ(verdict, "too many cancellations, pings or empty frames");
  EXPECT_LT(stream / 2, limits_.first_controls + 2);
}

TEST_F(TrafficTest, EachKindOfFrameThatCarriesNothingIsLimited) {
  const std::string ping = FrameOf(kPing, 0, 0, "12345678");
  for (const std::string& frame :
       {Reset(1), ping, InitialWindow(65535), WindowUpdate(0, 1), FrameOf(kData, 0, 1, ""),
        FrameOf(kPriority, 0, 1, "12345"), FrameOf(200, 0, 1, "unknown")}) {
    Traffic traffic(limits_, kNow);
    EXPECT_EQ(traffic.Received(kPreface + FrameOf(kSettings, 0, 0, "") + Opening(1), kNow), "");
    absl::string_view verdict;
    for (int count = 0; verdict.empty() && count < limits_.first_controls + 10; ++count) {
      verdict = traffic.Received(frame, kNow);
    }
    EXPECT_EQ(verdict, "too many cancellations, pings or empty frames") << int{frame[3]};
  }
}

TEST_F(TrafficTest, AClientMayCancelAHundredCallsASecondForEver) {
  uint32_t stream = 1;
  for (int64_t ms = 0; ms < 200'000; ms += 10, stream += 2) {
    ASSERT_EQ(Receives(Opening(stream) + Reset(stream), kNow + ms), "") << ms;
  }
}

TEST_F(TrafficTest, AClientThatReadsMuchMayPingAndWidenItsWindowsAsOften) {
  EXPECT_EQ(Receives(Opening(1)), "");
  for (int count = 0; count < 10'000; ++count) {
    Sends(Answer(1, 100));
    ASSERT_EQ(Receives(WindowUpdate(1, 100) + WindowUpdate(0, 100)), "") << count;
  }
}

TEST_F(TrafficTest, AClientMayAnswerEveryPingOfTheServer) {
  for (int count = 0; count < 10'000; ++count) {
    Sends(FrameOf(kPing, 0, 0, "12345678"));
    ASSERT_EQ(Receives(FrameOf(kPing, kAck, 0, "12345678")), "") << count;
  }
}

TEST_F(TrafficTest, AClientMayCancelAsManyCallsAsAreAnswered) {
  for (uint32_t stream = 1; stream < 40'001; stream += 4) {
    ASSERT_EQ(Receives(Opening(stream) + Opening(stream + 2)), "") << stream;
    Sends(Trailers(stream));
    ASSERT_EQ(Receives(Reset(stream + 2)), "") << stream;
  }
}

TEST_F(TrafficTest, ACallIsStalledWhileItsWindowIsUsedUp) {
  EXPECT_EQ(Receives(Opening(1)), "");
  Sends(Answer(1, 65'535));
  EXPECT_EQ(traffic_.StalledCalls(kNow + 999, 1000), 0);
  EXPECT_EQ(traffic_.StalledCalls(kNow + 1000, 1000), 1);
  EXPECT_EQ(Receives(WindowUpdate(1, 10'000) + WindowUpdate(0, 10'000), kNow + 2000), "");
  EXPECT_EQ(traffic_.StalledCalls(kNow + 9000, 1000), 0);
}

TEST_F(TrafficTest, AWindowThatIsOpenedByteByByteIsUsedUp) {
  EXPECT_EQ(Receives(InitialWindow(0) + Opening(1)), "");
  for (int ms = 0; ms < 1000; ms += 100) EXPECT_EQ(Receives(WindowUpdate(1, 1), kNow + ms), "");
  EXPECT_EQ(traffic_.StalledCalls(kNow + 1000, 1000), 1);
}

TEST_F(TrafficTest, AllCallsAreStalledWhileTheSocketIsFull) {
  EXPECT_EQ(Receives(Opening(1) + Opening(3)), "");
  traffic_.Blocked(true, kNow);
  EXPECT_EQ(traffic_.StalledCalls(kNow + 1000, 1000), 2);
  traffic_.Blocked(false, kNow + 1000);
  EXPECT_EQ(traffic_.StalledCalls(kNow + 9000, 1000), 0);
}

TEST_F(TrafficTest, AnIdleStreamIsNotStalled) {
  EXPECT_EQ(Receives(Opening(1)), "");
  Sends(Answer(1, 1000));
  EXPECT_EQ(traffic_.StalledCalls(kNow + 3'600'000, 1000), 0);
}

}  // namespace
}  // namespace clustr::rpc
