#include "services/sales/catalog_write.h"

namespace clustr::sales {

bool KnowsReferences(const CatalogReplica& replica, const v1::Transaction& header) {
  return (!header.has_customer_external_id() ||
          replica.CustomerIdOf(header.customer_external_id()) != 0) &&
         (header.customer_id() == 0 || replica.HasCustomer(header.customer_id())) &&
         (header.time_id() == 0 || !replica.DateOf(header.time_id()).empty()) &&
         !NeedsTimeframe(replica, header);
}

bool KnowsReferences(const CatalogReplica& replica, const v1::Sale& line) {
  if (line.has_product_external_id() && replica.ProductSkuOf(line.product_external_id()) == 0) {
    return false;
  }
  return line.product_sku() == 0 ? replica.complete()
                                 : replica.PriceCents(line.product_sku()).has_value();
}

bool NeedsTimeframe(const CatalogReplica& replica, const v1::Transaction& header) {
  return header.time_id() == 0 && !header.purchase_date().empty() &&
         replica.TimeIdOf(header.purchase_date()) == 0;
}

}  // namespace clustr::sales
