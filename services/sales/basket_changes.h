#ifndef CLUSTR_SERVICES_SALES_BASKET_CHANGES_H_
#define CLUSTR_SERVICES_SALES_BASKET_CHANGES_H_

#include <vector>

#include "clustr/sales/v1/sales_stream_service.pb.h"
#include "common/storage/changes.h"

namespace clustr::sales {

// Appends the baskets at `places` to a message of StreamSales; see streaming::ChangeFeed::Fill.
// Baskets whose ids are close together, as those of an import are, are read in one scan.
size_t FillBasketChanges(storage::Session& session, const std::vector<storage::ChangePlace>& places,
                         v1::StreamSalesResponse* response);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_BASKET_CHANGES_H_
