#ifndef CLUSTR_TESTS_BENCH_SERVICE_PURCHASE_MAKER_H_
#define CLUSTR_TESTS_BENCH_SERVICE_PURCHASE_MAKER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "tests/bench/service/shop.h"

namespace clustr::bench {

// Makes purchases of products and by customers that catalog knows, all dated on one day. `client`
// is that of a Load; calls for one client must not overlap.
class PurchaseMaker {
 public:
  static absl::StatusOr<PurchaseMaker> Read(const std::string& catalog, int clients, int lines);

  sales::v1::RecordPurchaseRequest Next(int client);

 private:
  PurchaseMaker() = default;

  std::vector<int64_t> customer_ids_;
  std::vector<int64_t> product_skus_;
  std::vector<Random> random_;
  size_t lines_ = 0;
};

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_PURCHASE_MAKER_H_
