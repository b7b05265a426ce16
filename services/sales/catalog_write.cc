#include "services/sales/catalog_write.h"

namespace clustr::sales {

bool KnowsReferences(const CatalogReplica& replica, const v1::Transaction& header) {
  return (header.customer_id() == 0 || replica.HasCustomer(header.customer_id())) &&
         (header.time_id() == 0 || !replica.DateOf(header.time_id()).empty()) &&
         !NeedsTimeframe(replica, header);
}

bool KnowsReferences(const CatalogReplica& replica, const v1::Sale& line) {
  return line.product_sku() == 0 ? replica.complete()
                                 : replica.PriceCents(line.product_sku()).has_value();
}

bool NeedsTimeframe(const CatalogReplica& replica, const v1::Transaction& header) {
  return header.time_id() == 0 && !header.purchase_date().empty() &&
         replica.TimeIdOf(header.purchase_date()) == 0;
}

}  // namespace clustr::sales
