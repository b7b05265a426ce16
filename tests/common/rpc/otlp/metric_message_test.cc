#include "common/rpc/otlp/metric_message.h"

#include <array>

#include "common/base/histogram.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

using testing::EqualsText;

const Sender kSender = {"clustr-sales", "1.2.3", "an-instance", 5};

TEST(MetricMessageTest, EachKindHasTheNamesAndLabelsOfPrometheus) {
  Metrics metrics;
  metrics.Gauge("clustr_revision", "Newest revision.", 7);
  metrics.Counter("clustr_calls_total", "Calls.", 2, {{"class", "reads"}});
  metrics.Counter("clustr_calls_total", "Calls.", 3, {{"class", "scans"}});
  constexpr std::array<double, 2> kBounds = {0.5, 2};
  Histogram histogram(kBounds);
  for (const double value : {0.25, 0.5, 1.0, 8.0, 9.0}) histogram.Observe(value);
  metrics.Add("clustr_commit_seconds", "Commits.", histogram.state());
  EXPECT_THAT(MessageOf(metrics, kSender, 9), EqualsText(R"(
    resource_metrics {
      resource {
        attributes { key: "service.name" value { string_value: "clustr-sales" } }
        attributes { key: "service.version" value { string_value: "1.2.3" } }
        attributes { key: "service.instance.id" value { string_value: "an-instance" } }
      }
      scope_metrics {
        scope { name: "clustr" version: "1.2.3" }
        metrics {
          name: "clustr_revision"
          description: "Newest revision."
          gauge { data_points { start_time_unix_nano: 5 time_unix_nano: 9 as_double: 7 } }
        }
        metrics {
          name: "clustr_calls_total"
          description: "Calls."
          sum {
            is_monotonic: true
            aggregation_temporality: AGGREGATION_TEMPORALITY_CUMULATIVE
            data_points {
              attributes { key: "class" value { string_value: "reads" } }
              start_time_unix_nano: 5
              time_unix_nano: 9
              as_double: 2
            }
            data_points {
              attributes { key: "class" value { string_value: "scans" } }
              start_time_unix_nano: 5
              time_unix_nano: 9
              as_double: 3
            }
          }
        }
        metrics {
          name: "clustr_commit_seconds"
          description: "Commits."
          unit: "s"
          histogram {
            aggregation_temporality: AGGREGATION_TEMPORALITY_CUMULATIVE
            data_points {
              start_time_unix_nano: 5
              time_unix_nano: 9
              count: 5
              sum: 18.75
              explicit_bounds: 0.5
              explicit_bounds: 2
              bucket_counts: 2
              bucket_counts: 1
              bucket_counts: 2
            }
          }
        }
      }
    })"));
}

}  // namespace
}  // namespace clustr::rpc
