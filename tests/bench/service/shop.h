#ifndef CLUSTR_TESTS_BENCH_SERVICE_SHOP_H_
#define CLUSTR_TESTS_BENCH_SERVICE_SHOP_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/sales/v1/sales_stream_service.pb.h"

// The rows of the measured shop, read once before the clock starts. FAILED_PRECONDITION if the shop
// is empty.
namespace clustr::bench {

using Random = std::mt19937_64;

absl::StatusOr<std::vector<catalog::v1::Customer>> ReadCustomers(const std::string& catalog);
absl::StatusOr<std::vector<int64_t>> ReadProductSkus(const std::string& catalog);

// Returns about the first `count` baskets in the order of the stream.
absl::StatusOr<std::vector<sales::v1::BasketChange>> ReadBaskets(const std::string& sales,
                                                                 size_t count);

// Returns one random generator per client, so that the requests do not depend on thread timing.
std::vector<Random> RandomOfClients(int clients);

template <class T>
const T& AnyOf(const std::vector<T>& values, Random& random) {
  return values[std::uniform_int_distribution<size_t>(0, values.size() - 1)(random)];
}

// Returns `count` distinct values, or as many as a hundred draws per value yield.
std::vector<int64_t> DistinctOf(const std::vector<int64_t>& values, size_t count, Random& random);

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_SHOP_H_
