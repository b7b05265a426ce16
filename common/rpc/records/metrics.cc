#include "common/rpc/records/metrics.h"

#include "prometheus/text_serializer.h"

namespace clustr::rpc {

prometheus::ClientMetric& Metrics::Next(const char* name, const char* help,
                                        prometheus::MetricType type, const Labels& labels) {
  if (families_.empty() || families_.back().name != name) {
    families_.push_back({name, help, type, {}});
  }
  prometheus::ClientMetric& metric = families_.back().metric.emplace_back();
  for (const auto& [label, value] : labels) metric.label.push_back({label, value});
  return metric;
}

void Metrics::Gauge(const char* name, const char* help, double value, const Labels& labels) {
  Next(name, help, prometheus::MetricType::Gauge, labels).gauge.value = value;
}

void Metrics::Counter(const char* name, const char* help, double value, const Labels& labels) {
  Next(name, help, prometheus::MetricType::Counter, labels).counter.value = value;
}

void Metrics::Add(const char* name, const char* help, const Histogram::State& state,
                  const Labels& labels) {
  auto& histogram = Next(name, help, prometheus::MetricType::Histogram, labels).histogram;
  uint64_t count = 0;
  for (size_t i = 0; i < state.bounds.size(); ++i) {
    count += static_cast<uint64_t>(state.counts[i]);
    histogram.bucket.push_back({count, state.bounds[i]});
  }
  histogram.sample_count = count + static_cast<uint64_t>(state.counts.back());
  histogram.sample_sum = state.sum;
}

std::string Metrics::Text() const { return prometheus::TextSerializer().Serialize(families_); }

}  // namespace clustr::rpc
