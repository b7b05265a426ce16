#include "tests/testing/catalog_server.h"

#include "services/catalog/catalog.h"

namespace clustr::testing {

CatalogServer::CatalogServer()
    : ServedProgram([](const TempFolder& folder) {
        return catalog::MakeCatalog(*rpc::Flags::Parse(
            catalog::CatalogFlags(), {"--database=" + folder.DatabaseUrl("catalog.db")}));
      }) {}

}  // namespace clustr::testing
