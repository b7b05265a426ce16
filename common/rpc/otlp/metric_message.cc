#include "common/rpc/otlp/metric_message.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "prometheus/metric_family.h"

namespace clustr::rpc {
namespace {

namespace otlp = opentelemetry::proto::metrics::v1;

// The unit that the end of a name tells.
const char* UnitOf(absl::string_view name) {
  if (absl::EndsWith(name, "_seconds")) return "s";
  if (absl::EndsWith(name, "_bytes")) return "By";
  return "";
}

class MetricMaker {
 public:
  MetricMaker(uint64_t start_nanos, uint64_t now_nanos)
      : start_nanos_(start_nanos), now_nanos_(now_nanos) {}

  void Fill(const prometheus::MetricFamily& family, otlp::Metric* metric) const {
    metric->set_name(family.name);
    metric->set_description(family.help);
    metric->set_unit(UnitOf(family.name));
    for (const prometheus::ClientMetric& point : family.metric) {
      switch (family.type) {
        case prometheus::MetricType::Counter: {
          otlp::Sum& sum = *metric->mutable_sum();
          sum.set_is_monotonic(true);
          sum.set_aggregation_temporality(otlp::AGGREGATION_TEMPORALITY_CUMULATIVE);
          FillNumber(point, point.counter.value, sum.add_data_points());
          break;
        }
        case prometheus::MetricType::Histogram: {
          otlp::Histogram& histogram = *metric->mutable_histogram();
          histogram.set_aggregation_temporality(otlp::AGGREGATION_TEMPORALITY_CUMULATIVE);
          FillHistogram(point, histogram.add_data_points());
          break;
        }
        default:  // Metrics has gauges besides.
          FillNumber(point, point.gauge.value, metric->mutable_gauge()->add_data_points());
      }
    }
  }

 private:
  template <class Point>
  void FillCommon(const prometheus::ClientMetric& from, Point* to) const {
    to->set_start_time_unix_nano(start_nanos_);
    to->set_time_unix_nano(now_nanos_);
    for (const auto& label : from.label) {
      AddAttribute(label.name, label.value, to->mutable_attributes());
    }
  }

  void FillNumber(const prometheus::ClientMetric& from, double value,
                  otlp::NumberDataPoint* to) const {
    FillCommon(from, to);
    to->set_as_double(value);
  }

  void FillHistogram(const prometheus::ClientMetric& from, otlp::HistogramDataPoint* to) const {
    FillCommon(from, to);
    const prometheus::ClientMetric::Histogram& histogram = from.histogram;
    to->set_count(histogram.sample_count);
    to->set_sum(histogram.sample_sum);
    // Prometheus counts what is below each bound; here, each bucket counts its own.
    uint64_t below = 0;
    for (const auto& bucket : histogram.bucket) {
      to->add_explicit_bounds(bucket.upper_bound);
      to->add_bucket_counts(bucket.cumulative_count - below);
      below = bucket.cumulative_count;
    }
    to->add_bucket_counts(histogram.sample_count - below);
  }

  const uint64_t start_nanos_;
  const uint64_t now_nanos_;
};

}  // namespace

opentelemetry::proto::collector::metrics::v1::ExportMetricsServiceRequest MessageOf(
    const Metrics& metrics, const Sender& sender, int64_t unix_nanos) {
  opentelemetry::proto::collector::metrics::v1::ExportMetricsServiceRequest request;
  auto& of_process = *request.add_resource_metrics();
  FillResource(sender, of_process.mutable_resource());
  auto& of_scope = *of_process.add_scope_metrics();
  FillScope(sender, of_scope.mutable_scope());
  const MetricMaker maker(static_cast<uint64_t>(sender.start_unix_nanos),
                          static_cast<uint64_t>(unix_nanos));
  for (const prometheus::MetricFamily& family : metrics.families()) {
    maker.Fill(family, of_scope.add_metrics());
  }
  return request;
}

}  // namespace clustr::rpc
