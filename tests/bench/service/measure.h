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

// The value below or at which a share of the values lies, by the nearest rank; 0 without values.
// Median({1, 2, 3, 4}) is 2.
double Quantile(std::vector<double> values, double share);
inline double Median(std::vector<double> values) { return Quantile(std::move(values), 0.5); }

// CPU seconds that a process has used so far, in steps of 10 ms; pid 0 is this process. 0 if there
// is no such process.
double CpuSeconds(pid_t pid);

// Memory of this process as the operating system counts it, after free memory is given back.
int64_t ResidentBytes();

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_MEASURE_H_
