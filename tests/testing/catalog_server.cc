#include "tests/testing/catalog_server.h"

#include "services/catalog/catalog.h"

namespace clustr::testing {

CatalogServer::CatalogServer()
    : server_([this] {
        return catalog::MakeCatalog(*rpc::Flags::Parse(
            catalog::CatalogFlags(), {"--database=" + folder_.DatabaseUrl("catalog.db")}));
      }),
      products_(catalog::v1::ProductService::NewStub(server_.channel())),
      customers_(catalog::v1::CustomerService::NewStub(server_.channel())),
      timeframes_(catalog::v1::TimeframeService::NewStub(server_.channel())),
      stream_(catalog::v1::CatalogStreamService::NewStub(server_.channel())) {}

int64_t CatalogServer::Head() {
  ops::v1::GetStatusResponse status;
  server_.program().AddStatus(&status);
  return status.revision();
}

}  // namespace clustr::testing
