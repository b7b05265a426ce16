#include "tests/testing/sales_server.h"

#include "services/sales/sales.h"

namespace clustr::testing {

SalesServer::SalesServer(const std::string& catalog_address)
    : ServedProgram([catalog_address](const TempFolder& folder) {
        return sales::MakeSales(*rpc::Flags::Parse(
            sales::SalesFlags(),
            {"--database=" + folder.DatabaseUrl("sales.db"), "--catalog=" + catalog_address}));
      }) {}

}  // namespace clustr::testing
