#include "common/rpc/tracing/tracer.h"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

Span SpanOf(const Trace& trace) {
  Span span;
  span.trace = trace;
  span.method = "a.B/C";
  return span;
}

TEST(TracerTest, SamplesItsShareOfTheTracesThatBeginHere) {
  for (const double rate : {0.0, 0.01, 0.5, 1.0}) {
    Tracer tracer(rate, 1);
    constexpr int kTraces = 20'000;
    int sampled = 0;
    for (int i = 0; i < kTraces; ++i) {
      const Trace trace = tracer.Begin();
      EXPECT_EQ(trace.sampled, trace.tracer == &tracer);
      sampled += trace.sampled ? 1 : 0;
    }
    // Six standard deviations of the fairest coin.
    EXPECT_NEAR(sampled, rate * kTraces, rate == 0.0 || rate == 1.0 ? 0 : 425) << rate;
  }
}

TEST(TracerTest, ATraceSampledAtARateIsSampledAtEachGreaterOne) {
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = Trace::Under("").trace_id;
    bool before = false;
    for (const double rate : {0.0, 0.001, 0.1, 0.3, 0.7, 0.999, 1.0}) {
      const bool sampled = Tracer::IsSampled(id, rate);
      EXPECT_TRUE(sampled || !before) << id << " " << rate;
      before = sampled;
    }
  }
  EXPECT_FALSE(Tracer::IsSampled("00000000000000000000000000000000", 0));
  EXPECT_TRUE(Tracer::IsSampled("ffffffffffffffffffffffffffffffff", 1));
}

TEST(TracerTest, WithoutATracerNothingIsSampled) {
  const Trace trace = BeginTrace(nullptr);
  EXPECT_FALSE(trace.sampled);
  EXPECT_EQ(trace.tracer, nullptr);
}

TEST(TracerTest, KeepsAsManySpansAsItMayAndCountsTheOthers) {
  Tracer tracer(1, 3);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    const Trace trace = tracer.Begin();
    ids.push_back(trace.span_id);
    tracer.Record(SpanOf(trace));
  }
  EXPECT_EQ(tracer.waiting(), 3u);
  EXPECT_EQ(tracer.dropped(), 2);
  const std::vector<Span> first = tracer.Take(2, absl::InfiniteDuration());
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].trace.span_id, ids[0]);
  EXPECT_EQ(first[1].trace.span_id, ids[1]);
  const std::vector<Span> rest = tracer.Take(2, absl::ZeroDuration());
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].trace.span_id, ids[2]);
  EXPECT_EQ(tracer.waiting(), 0u);
}

TEST(TracerTest, StopEndsTheWaitForSpans) {
  Tracer tracer(1, 10);
  std::thread waits([&] { EXPECT_TRUE(tracer.Take(2, absl::InfiniteDuration()).empty()); });
  tracer.Stop();
  waits.join();
  tracer.Record(SpanOf(tracer.Begin()));
  EXPECT_EQ(tracer.Take(2, absl::InfiniteDuration()).size(), 1u);
}

TEST(TracerTest, EachSpanOfManyThreadsIsTakenOnceOrCounted) {
  Tracer tracer(1, 100);
  constexpr int kThreads = 4;
  constexpr int kSpans = 5'000;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int span = 0; span < kSpans; ++span) tracer.Record(SpanOf(tracer.Begin()));
    });
  }
  std::set<std::string> seen;
  size_t taken = 0;
  std::thread takes([&] {
    while (taken + static_cast<size_t>(tracer.dropped()) < kThreads * kSpans) {
      for (const Span& span : tracer.Take(64, absl::Milliseconds(1))) {
        seen.insert(span.trace.span_id);
        ++taken;
      }
    }
  });
  for (std::thread& thread : threads) thread.join();
  takes.join();
  EXPECT_EQ(seen.size(), taken);
  EXPECT_EQ(taken + static_cast<size_t>(tracer.dropped()), size_t{kThreads} * kSpans);
}

}  // namespace
}  // namespace clustr::rpc
