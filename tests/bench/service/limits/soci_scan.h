#ifndef CLUSTR_TESTS_BENCH_SERVICE_LIMITS_SOCI_SCAN_H_
#define CLUSTR_TESTS_BENCH_SERVICE_LIMITS_SOCI_SCAN_H_

#include <string>

namespace clustr::bench {

// Rows a second that SOCI reads of the columns that a stream of sales needs, from the SQLite file
// of sales. Apart from code that uses SQLite itself: SOCI includes its header in a namespace.
double ScannedPerSecond(const std::string& database);

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_LIMITS_SOCI_SCAN_H_
