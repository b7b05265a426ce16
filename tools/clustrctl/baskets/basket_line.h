#ifndef CLUSTR_TOOLS_CLUSTRCTL_BASKETS_BASKET_LINE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_BASKETS_BASKET_LINE_H_

#include <cstdint>
#include <string>

#include "clustr/sales/v1/sales_stream_service.pb.h"

namespace clustr::ctl {

// A basket as a JSON object on one line, without a line feed: transaction_id, sequence,
// customer_id, day (YYYY-MM-DD), channel and payment_type (where they are set), and product_skus:
// the distinct products with at least one unit kept, ascending. Of the lines about one transaction,
// that with the highest sequence counts. Pure function.
std::string BasketLine(const sales::v1::BasketChange& basket, int64_t sequence);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_BASKETS_BASKET_LINE_H_
