#include "tests/bench/service/purchase_maker.h"

#include "common/base/status_macros.h"

namespace clustr::bench {
namespace {

// A day within the period that `clustrctl generate` covers.
constexpr char kPurchaseDate[] = "2024-06-15";

}  // namespace

absl::StatusOr<PurchaseMaker> PurchaseMaker::Read(const std::string& catalog, int clients,
                                                  int lines) {
  PurchaseMaker maker;
  CLUSTR_ASSIGN_OR_RETURN(const auto customers, ReadCustomers(catalog));
  for (const auto& customer : customers) maker.customer_ids_.push_back(customer.customer_id());
  CLUSTR_ASSIGN_OR_RETURN(maker.product_skus_, ReadProductSkus(catalog));
  maker.random_ = RandomOfClients(clients);
  maker.lines_ = static_cast<size_t>(lines);
  return maker;
}

sales::v1::RecordPurchaseRequest PurchaseMaker::Next(int client) {
  Random& random = random_[client];
  sales::v1::RecordPurchaseRequest request;
  sales::v1::Transaction* header = request.mutable_transaction();
  header->set_customer_id(AnyOf(customer_ids_, random));
  header->set_purchase_date(kPurchaseDate);
  header->set_channel("Online");
  header->set_payment_type("Credit Card");
  for (const int64_t sku : DistinctOf(product_skus_, lines_, random)) {
    sales::v1::Sale* line = request.add_sales();
    line->set_product_sku(sku);
    line->set_quantity(1);
  }
  return request;
}

}  // namespace clustr::bench
