// Damaged cells in the database of catalog.

#include "absl/strings/str_cat.h"
#include "services/catalog/catalog.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/stored/stored_rows.h"
#include "tests/testing/catalog_server.h"

namespace clustr::fuzz {
namespace {

std::string Database() {
  testing::CatalogServer catalog;
  for (int i = 1; i <= 4; ++i) {
    const bool filled =
        catalog
            .Ask(&testing::Products::CreateProduct,
                 absl::StrCat("request_id: 'a", i,
                              "' product { product_name: 'a' price: 1.5 "
                              "external_id: 'a",
                              i, "' category: 'a' }"))
            .ok() &&
        catalog
            .Ask(&testing::Customers::CreateCustomer,
                 "customer { first_name: 'a' last_name: 'a' city: 'a' dob: '1990-01-01' }")
            .ok() &&
        catalog
            .Ask(&testing::Timeframes::CreateTimeframe,
                 absl::StrCat("timeframe { date: '2024-02-0", i, "' }"))
            .ok();
    Check(filled, "the database is filled");
  }
  Check(catalog.Ask(&testing::Products::DeleteProduct, "product_sku: 4").ok(), "a row is removed");
  catalog.server().Stop();
  return ReadFile(catalog.folder().File("catalog.db"));
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace clustr;
  static auto* const service =
      new fuzz::StoredService{"clustr.catalog.v1", fuzz::Database(), [](const std::string& url) {
                                return catalog::MakeCatalog(*rpc::Flags::Parse(
                                    catalog::CatalogFlags(), {"--database=" + url}));
                              }};
  fuzz::RunStored(*service, data, size);
  return 0;
}
