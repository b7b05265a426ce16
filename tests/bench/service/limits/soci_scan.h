#ifndef CLUSTR_TESTS_BENCH_SERVICE_LIMITS_SOCI_SCAN_H_
#define CLUSTR_TESTS_BENCH_SERVICE_LIMITS_SOCI_SCAN_H_

#include <string>

namespace clustr::bench {

// Rows per second at which SOCI reads, from the SQLite file of sales, the columns that a stream of
// sales needs. Kept apart from code that uses SQLite itself, because SOCI includes its header in a
// namespace.
double ScannedPerSecond(const std::string& database);

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_LIMITS_SOCI_SCAN_H_
