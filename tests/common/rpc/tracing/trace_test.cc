#include "common/rpc/tracing/trace.h"

#include <algorithm>
#include <random>
#include <regex>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

constexpr char kTrace[] = "0af7651916cd43dd8448eb211c80319c";
constexpr char kParent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceTest, ContinuesTheTraceOfItsCaller) {
  const Trace trace = Trace::Under(kParent);
  EXPECT_EQ(trace.trace_id, kTrace);
  EXPECT_NE(trace.span_id, "b7ad6b7169203331");
  EXPECT_EQ(trace.parent_id, "b7ad6b7169203331");
  EXPECT_TRUE(trace.sampled);
  EXPECT_EQ(trace.Traceparent(), std::string("00-") + kTrace + "-" + trace.span_id + "-01");
}

TEST(TraceTest, TheNextCallContinuesIt) {
  const Trace trace = Trace::Under(kParent);
  const Trace next = Trace::Under(trace.Traceparent());
  EXPECT_EQ(next.trace_id, kTrace);
  EXPECT_NE(next.span_id, trace.span_id);
}

TEST(TraceTest, AnythingElseBeginsATrace) {
  for (const std::string bad : {"", "00", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                                "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g"}) {
    const Trace trace = Trace::Under(bad);
    EXPECT_NE(trace.trace_id, kTrace) << bad;
    EXPECT_EQ(trace.trace_id.size(), 32u) << bad;
    EXPECT_EQ(trace.span_id.size(), 16u) << bad;
    EXPECT_FALSE(trace.sampled) << bad;
  }
}

TEST(TraceTest, AChildHasItsParentAboveIt) {
  const Trace trace = Trace::Under(kParent, "vendor=1");
  const Trace child = trace.Child();
  EXPECT_EQ(child.trace_id, kTrace);
  EXPECT_EQ(child.parent_id, trace.span_id);
  EXPECT_NE(child.span_id, trace.span_id);
  EXPECT_EQ(child.state, "vendor=1");
  EXPECT_TRUE(child.sampled);
}

TEST(TraceTest, AStateIsPassedOnUnlessItCannotBeSent) {
  EXPECT_EQ(Trace::Under(kParent, "a=1,b=2").state, "a=1,b=2");
  EXPECT_EQ(Trace::Under(kParent, std::string(512, 'x')).state.size(), 512u);
  for (const std::string bad : {std::string(513, 'x'), std::string("a=\n"),
                                std::string("a=\xC3\xA9"), std::string("a=\0b", 4)}) {
    EXPECT_EQ(Trace::Under(kParent, bad).state, "");
  }
  EXPECT_EQ(Trace::Under("00-damaged", "a=1").state, "");
}

// What the recommendation says about the header, as one expression.
bool IsTraceparent(const std::string& text) {
  static const std::regex form(
      "(?:00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}|"
      "(?!00|ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
      "(?:-[\\s\\S]*)?)");
  return std::regex_match(text, form);
}

TEST(TraceTest, ReadsRandomHeadersAsTheRecommendationSays) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto up_to = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n)(random); };
  const std::string likely = "0123456789abcdef-0f";
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string header = kParent;
    for (size_t edits = up_to(3); edits > 0; --edits) {
      const char c =
          up_to(3) > 0 ? likely[up_to(likely.size() - 1)] : static_cast<char>(up_to(255));
      const size_t at = up_to(header.size());
      switch (up_to(4)) {
        case 0:
          header.insert(at, 1, c);
          break;
        case 1:
          header = header.substr(0, at);
          break;
        case 2:
          header += "-" + std::string(up_to(5), c);
          break;
        default:
          if (at < header.size()) header[at] = c;
      }
    }
    if (up_to(20) == 0) std::fill_n(header.begin(), std::min<size_t>(header.size(), 52), '0');
    const Trace trace = Trace::Under(header);
    const bool good = IsTraceparent(header);
    accepted += good ? 1 : 0;
    ASSERT_EQ(good, !trace.parent_id.empty()) << header;
    if (good) {
      ASSERT_EQ(trace.trace_id, header.substr(3, 32)) << header;
      ASSERT_EQ(trace.parent_id, header.substr(36, 16)) << header;
      ASSERT_EQ(trace.sampled, (std::stoi(header.substr(53, 2), nullptr, 16) & 1) == 1) << header;
    } else {
      ASSERT_FALSE(trace.sampled) << header;
    }
    ASSERT_TRUE(IsTraceparent(trace.Traceparent())) << header;
  }
  EXPECT_GT(accepted, 1'000);
  EXPECT_LT(accepted, 19'000);
}

}  // namespace
}  // namespace clustr::rpc
