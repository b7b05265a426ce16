// Damaged cells in the database of sales, which follows an honest catalog.

#include "services/sales/sales.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/stored/honest_upstream.h"
#include "tests/fuzz/stored/stored_rows.h"
#include "tests/testing/sales_server.h"

namespace clustr::fuzz {
namespace {

std::string Database() {
  testing::SalesServer sales(HonestUpstream().address());
  for (int i = 1; i <= 3; ++i) {
    const auto recorded = sales.Ask(
        &testing::Transactions::RecordPurchase,
        "request_id: 'a" + std::to_string(i) +
            "' min_catalog_revision: 4 transaction { customer_id: 1 purchase_date: '2022-01-08' "
            "channel: 'a' } sales { product_sku: 1 quantity: 1 } sales { product_sku: 2 quantity: "
            "2 }");
    Check(recorded.ok(), "the database is filled", recorded.status().ToString());
  }
  Check(sales.Ask(&testing::Transactions::DeleteTransaction, "transaction_id: 3").ok(),
        "a purchase is removed");
  sales.server().Stop();
  return ReadFile(sales.folder().File("sales.db"));
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace clustr;
  static auto* const service = new fuzz::StoredService{
      "clustr.sales.v1", fuzz::Database(), [](const std::string& url) {
        return sales::MakeSales(*rpc::Flags::Parse(
            sales::SalesFlags(),
            {"--database=" + url, "--catalog=" + fuzz::HonestUpstream().address()}));
      }};
  fuzz::RunStored(*service, data, size);
  return 0;
}
