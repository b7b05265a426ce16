#ifndef CLUSTR_COMMON_STREAMING_INSPECTION_INSPECTION_H_
#define CLUSTR_COMMON_STREAMING_INSPECTION_INSPECTION_H_

#include <string>

#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "clustr/sales/v1/sales_stream_service.pb.h"

// What no catalog and no sales sends: ids, amounts and days that they cannot store, and lists that
// do not belong together. A follower applies nothing of such a message.
namespace clustr::streaming {

// What is wrong with the first wrong change, with its field and value, such as
// `changes[2].quantity[0]: -1 is below 1`; "" if nothing is. A row of a kind that is not known is
// not wrong: newer versions may send it. Pure functions; O(changes), some nanoseconds a line.
std::string WhyRefused(const catalog::v1::StreamCatalogResponse& message);
std::string WhyRefused(const sales::v1::StreamSalesResponse& message);

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_INSPECTION_INSPECTION_H_
