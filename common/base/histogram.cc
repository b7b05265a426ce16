#include "common/base/histogram.h"

#include <algorithm>

namespace clustr {

absl::Span<const double> SecondsBounds() {
  static constexpr double kBounds[] = {
      0.00001, 0.00005, 0.0001, 0.0003, 0.0006, 0.0008, 0.001, 0.002, 0.003, 0.004,
      0.005,   0.006,   0.008,  0.01,   0.013,  0.016,  0.02,  0.025, 0.03,  0.04,
      0.05,    0.065,   0.08,   0.1,    0.13,   0.16,   0.2,   0.25,  0.3,   0.4,
      0.5,     0.65,    0.8,    1,      2,      5,      10,    20,    50,    100};
  return kBounds;
}

absl::Span<const double> BytesBounds() {
  static constexpr double kBounds[] = {0,       1 << 10, 2 << 10, 4 << 10,  16 << 10, 64 << 10,
                                       1 << 18, 1 << 20, 4 << 20, 16 << 20, 64 << 20};
  return kBounds;
}

absl::Span<const double> CountBounds() {
  static constexpr double kBounds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  return kBounds;
}

Histogram::Histogram(absl::Span<const double> bounds)
    : bounds_(bounds), counts_(std::make_unique<std::atomic<int64_t>[]>(bounds.size() + 1)) {}

void Histogram::Observe(double value) {
  const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  counts_[at - bounds_.begin()].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::State Histogram::state() const {
  State state{.bounds = bounds_, .counts = {}, .sum = sum_.load(std::memory_order_relaxed)};
  for (size_t i = 0; i <= bounds_.size(); ++i) {
    state.counts.push_back(counts_[i].load(std::memory_order_relaxed));
  }
  return state;
}

}  // namespace clustr
