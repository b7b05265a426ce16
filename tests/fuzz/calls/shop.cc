#include "tests/fuzz/calls/shop.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/bundles/bundles.h"
#include "tests/fuzz/messages/check.h"
#include "tests/testing/matchers.h"

namespace clustr::fuzz {

using testing::Customers;
using testing::Products;
using testing::Transactions;

Shop::Shop()
    : bundles_([this] {
        return bundles::MakeBundles(*rpc::Flags::Parse(
            bundles::BundlesFlags(),
            {"--database=" + folder_.DatabaseUrl("bundles.db"), "--max-rules=100000",
             "--catalog=" + catalog_.server().address(), "--sales=" + sales_.server().address()}));
      }) {
  Fill();
  AwaitBundles();
}

void Shop::Fill() {
  const auto require = [](const absl::Status& status) {
    Check(status.ok(), "the shop is filled", status.ToString());
  };
  for (int i = 1; i <= 6; ++i) {
    require(catalog_
                .Ask(&Products::CreateProduct,
                     absl::StrCat("product { product_name: 'a' price: ", i, " category: '",
                                  i % 2 == 0 ? "a" : "b", "' unit_cost: 0.5 }"))
                .status());
  }
  for (int i = 1; i <= 4; ++i) {
    require(catalog_
                .Ask(&Customers::CreateCustomer,
                     absl::StrCat(
                         "customer { first_name: 'a' last_name: 'b' city: 'a' age: ", 20 + i, " }"))
                .status());
  }
  for (int i = 1; i <= 12; ++i) {
    require(sales_
                .Ask(&Transactions::RecordPurchase,
                     absl::StrCat("transaction { customer_id: ", 1 + i % 4,
                                  " purchase_date: '2024-02-2", i % 9,
                                  "' channel: 'a' } sales { "
                                  "product_sku: ",
                                  1 + i % 3, " quantity: 1 } sales { product_sku: ", 4 + i % 2,
                                  " quantity: 2 }"))
                .status());
  }
}

void Shop::AwaitBundles() {
  const std::vector<int64_t> revisions = Revisions();
  for (int i = 0; i < 3000; ++i) {
    ops::v1::GetStatusResponse status;
    bundles_.program().AddStatus(&status);
    if (status.problems().empty() && status.revision() == revisions[1]) return;
    absl::SleepFor(absl::Milliseconds(10));
  }
  Fail("bundles has not read the shop within 30 s");
}

std::vector<int64_t> Shop::Revisions() { return {catalog_.Head(), sales_.Head()}; }

}  // namespace clustr::fuzz
