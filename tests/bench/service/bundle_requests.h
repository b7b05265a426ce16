#ifndef CLUSTR_TESTS_BENCH_SERVICE_BUNDLE_REQUESTS_H_
#define CLUSTR_TESTS_BENCH_SERVICE_BUNDLE_REQUESTS_H_

#include <cstdint>
#include <vector>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/sales/v1/sales_stream_service.pb.h"
#include "tests/bench/service/shop.h"

namespace clustr::bench {

// Makes requests for bundles with any mixture of bounds, from none at all (the defaults) to all of
// them: each is set with odds of one in four, to a value from those that let everything through to
// those that hardly let anything through. Borrows its arguments.
class BundleRequests {
 public:
  BundleRequests(const std::vector<catalog::v1::Customer>& customers,
                 const std::vector<sales::v1::BasketChange>& baskets,
                 const std::vector<int64_t>& skus)
      : customers_(customers), baskets_(baskets), skus_(skus) {}

  bundles::v1::RecommendBundlesRequest Any(Random& random) const;

 private:
  void SetCounts(Random& random, bundles::v1::BundleConstraints* bounds) const;
  void SetMoney(Random& random, bundles::v1::BundleConstraints* bounds) const;
  void SetProducts(Random& random, bundles::v1::BundleConstraints* bounds) const;
  void SetPopulation(Random& random, bundles::v1::RecommendBundlesRequest* request) const;

  const std::vector<catalog::v1::Customer>& customers_;
  const std::vector<sales::v1::BasketChange>& baskets_;
  const std::vector<int64_t>& skus_;
};

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_BUNDLE_REQUESTS_H_
