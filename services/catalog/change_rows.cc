#include "services/catalog/change_rows.h"

namespace clustr::catalog {
namespace {

// A message ends with the row that takes it beyond this.
constexpr size_t kMaxBytes = 512 * 1024;

void SetRemoved(size_t table, int64_t id, v1::CatalogChange* change) {
  switch (table) {
    case 0:
      return change->set_deleted_product_sku(id);
    case 1:
      return change->set_deleted_customer_id(id);
    default:
      return change->set_deleted_time_id(id);
  }
}

google::protobuf::Message* MutableRow(size_t table, v1::CatalogChange* change) {
  switch (table) {
    case 0:
      return change->mutable_product();
    case 1:
      return change->mutable_customer();
    default:
      return change->mutable_timeframe();
  }
}

void ClearContactDetails(v1::Customer* customer) {
  customer->clear_first_name();
  customer->clear_last_name();
  customer->clear_dob();
  customer->clear_email();
  customer->clear_phone();
}

}  // namespace

size_t FillCatalogChanges(const std::vector<const storage::Table*>& tables,
                          storage::Session& session, const v1::StreamCatalogRequest& request,
                          const std::vector<storage::ChangePlace>& places,
                          v1::StreamCatalogResponse* response) {
  size_t bytes = 0;
  for (size_t i = 0; i < places.size(); ++i) {
    if (bytes > kMaxBytes) return i;
    v1::CatalogChange* change = response->add_changes();
    const storage::ChangePlace& place = places[i];
    if (place.removed()) {
      SetRemoved(place.table(), place.id, change);
    } else {
      tables[place.table()]->Get(session, place.id, MutableRow(place.table(), change));
      if (change->has_customer() && !request.include_contact_details()) {
        ClearContactDetails(change->mutable_customer());
      }
    }
    bytes += change->ByteSizeLong();
  }
  return places.size();
}

}  // namespace clustr::catalog
