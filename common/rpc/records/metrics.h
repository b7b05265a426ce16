#ifndef CLUSTR_COMMON_RPC_RECORDS_METRICS_H_
#define CLUSTR_COMMON_RPC_RECORDS_METRICS_H_

#include <string>
#include <utility>
#include <vector>

#include "common/base/histogram.h"
#include "prometheus/metric_family.h"

namespace clustr::rpc {

// What one scrape answers. Metrics of one name are added one after the other, each with labels of
// its own. docs/operations.md documents every name; tests/e2e/whole/metrics_test.py compares. For
// one thread.
class Metrics {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  void Gauge(const char* name, const char* help, double value, const Labels& labels = {});
  // `name` ends with _total.
  void Counter(const char* name, const char* help, double value, const Labels& labels = {});
  void Add(const char* name, const char* help, const Histogram::State& state,
           const Labels& labels = {});

  const std::vector<prometheus::MetricFamily>& families() const { return families_; }

  // In the text format of Prometheus, version 0.0.4.
  std::string Text() const;

 private:
  prometheus::ClientMetric& Next(const char* name, const char* help, prometheus::MetricType type,
                                 const Labels& labels);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_RECORDS_METRICS_H_
