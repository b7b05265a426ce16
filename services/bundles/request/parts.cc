#include "services/bundles/request/parts.h"

#include <algorithm>

namespace clustr::bundles {

void FillProvenance(const Parts& parts, const rpc::Revisions& revisions, int64_t basket_count,
                    v1::Provenance* provenance) {
  provenance->set_sales_revision(revisions.sales);
  provenance->set_sales_head_revision(std::max(revisions.sales, parts.replica.sales_head()));
  provenance->set_catalog_revision(revisions.catalog);
  provenance->set_basket_count(basket_count);
}

std::shared_ptr<const rules::Floor> RestoredFloor(const Parts& parts,
                                                  const rpc::Revisions& wanted) {
  const auto floor = parts.floor.restored();
  if (floor == nullptr || parts.states.newest() != nullptr) return nullptr;
  const rpc::Revisions revisions = {floor->sales_revision, floor->catalog_revision};
  return revisions.Covers(wanted) ? floor : nullptr;
}

}  // namespace clustr::bundles
