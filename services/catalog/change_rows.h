#ifndef CLUSTR_SERVICES_CATALOG_CHANGE_ROWS_H_
#define CLUSTR_SERVICES_CATALOG_CHANGE_ROWS_H_

#include <vector>

#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "common/storage/changes.h"
#include "common/storage/table.h"

namespace clustr::catalog {

// Appends the rows at `places` to a message of StreamCatalog; see streaming::ChangeFeed::Fill.
// `tables` are those of products, customers and timeframes, in this order. Leaves out the contact
// details of customers unless the request includes them.
size_t FillCatalogChanges(const std::vector<const storage::Table*>& tables,
                          storage::Session& session, const v1::StreamCatalogRequest& request,
                          const std::vector<storage::ChangePlace>& places,
                          v1::StreamCatalogResponse* response);

}  // namespace clustr::catalog

#endif  // CLUSTR_SERVICES_CATALOG_CHANGE_ROWS_H_
