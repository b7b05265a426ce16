#ifndef CLUSTR_TESTS_BENCH_SERVICE_MEASURE_H_
#define CLUSTR_TESTS_BENCH_SERVICE_MEASURE_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace clustr::bench {

using Clock = std::chrono::steady_clock;

inline double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The smallest value such that at least `share` of the values are not above it (nearest rank); 0 if
// there are no values. Median({1, 2, 3, 4}) is 2.
double Quantile(std::vector<double> values, double share);
inline double Median(std::vector<double> values) { return Quantile(std::move(values), 0.5); }

// CPU seconds that a process has used so far, in steps of 10 ms; pid 0 means this process. Returns
// 0 if there is no such process.
double CpuSeconds(pid_t pid);

// Resident memory of this process, after free memory has been returned to the operating system.
int64_t ResidentBytes();

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_MEASURE_H_
