#include "common/rpc/records/metrics.h"

#include "common/rpc/records/call_metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

using ::testing::HasSubstr;

TEST(MetricsTest, WritesTheTextOfPrometheus) {
  static constexpr double kBounds[] = {1, 2};
  Histogram histogram(kBounds);
  for (const double value : {0.5, 1.5, 1.5, 9.0}) histogram.Observe(value);
  Metrics metrics;
  metrics.Gauge("a", "A thing.", 1.5, {{"kind", "x\"y"}});
  metrics.Gauge("a", "A thing.", 2, {{"kind", "z"}});
  metrics.Counter("b_total", "Things.", 3);
  metrics.Add("c_seconds", "Times.", histogram.state());
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("# HELP a A thing.\n# TYPE a gauge\na{kind=\"x\\\"y\"} 1.5\n"
                              "a{kind=\"z\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE b_total counter\nb_total 3\n"));
  EXPECT_THAT(text, HasSubstr("c_seconds_count 4\nc_seconds_sum 12.5\n"
                              "c_seconds_bucket{le=\"1\"} 1\nc_seconds_bucket{le=\"2\"} 3\n"
                              "c_seconds_bucket{le=\"+Inf\"} 4\n"));
}

TEST(CallMetricsTest, CountsByMethodAndCode) {
  const Method first = {"/s/A", "s/A", options::v1::ROLE_READER, false, 3};
  const Method second = {"/s/B", "s/B", options::v1::ROLE_READER, false, 4};
  CallMetrics calls;
  calls.Begun(first);
  calls.Begun(first);
  calls.Ended(first, absl::StatusCode::kOk, absl::Milliseconds(2), 10, 20);
  calls.Ended(first, absl::StatusCode::kNotFound, absl::Milliseconds(1), 5, 0);
  calls.Gone(first);
  calls.Begun(second);
  int methods = 0;
  calls.ForEach([&](const CallMetrics::OfMethod& of) {
    ++methods;
    EXPECT_EQ(of.under_way.load(), 1);
    if (of.method.number != 3) return;
    EXPECT_DOUBLE_EQ(of.received.state().sum, 15);
    EXPECT_DOUBLE_EQ(of.sent.state().sum, 20);
    EXPECT_NEAR(of.seconds[0].load()->state().sum, 0.002, 1e-9);
    EXPECT_NEAR(of.seconds[5].load()->state().sum, 0.001, 1e-9);
    EXPECT_EQ(of.seconds[1].load(), nullptr);
  });
  EXPECT_EQ(methods, 2);
}

}  // namespace
}  // namespace clustr::rpc
