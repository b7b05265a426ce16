#ifndef CLUSTR_COMMON_BASE_HISTOGRAM_H_
#define CLUSTR_COMMON_BASE_HISTOGRAM_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"

namespace clustr {

// Bounds of durations in seconds, from 10 µs on: those of gRPC proposal A66, up to 100 s.
absl::Span<const double> SecondsBounds();
// Bounds of sizes in bytes: those of gRPC proposal A66, up to 64 MiB.
absl::Span<const double> BytesBounds();
// Bounds of counts: the powers of two up to 1,024.
absl::Span<const double> CountBounds();

// Counts values by their size. Thread-safe; Observe takes no lock and costs some 20 ns.
class Histogram {
 public:
  struct State {
    absl::Span<const double> bounds;
    std::vector<int64_t> counts;  // Values up to bounds[i], and above the last; not cumulative.
    double sum = 0;
  };

  // `bounds` rise and must outlive this.
  explicit Histogram(absl::Span<const double> bounds);

  void Observe(double value);
  // Values that are observed meanwhile may be missing from a part of it.
  State state() const;

 private:
  const absl::Span<const double> bounds_;
  const std::unique_ptr<std::atomic<int64_t>[]> counts_;
  std::atomic<double> sum_{0};
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_HISTOGRAM_H_
