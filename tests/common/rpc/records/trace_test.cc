#include "common/rpc/records/trace.h"

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

}  // namespace
}  // namespace clustr::rpc
