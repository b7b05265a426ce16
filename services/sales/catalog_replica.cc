#include "services/sales/catalog_replica.h"

#include "common/schema/money.h"

namespace clustr::sales {

using catalog::v1::CatalogChange;

void CatalogReplica::ApplyChange(const CatalogChange& change) {
  switch (change.row_case()) {
    case CatalogChange::kProduct:
      price_cents_[change.product().product_sku()] =
          schema::CentsOf(change.product().price()).value_or(0);
      return;
    case CatalogChange::kCustomer:
      customers_.insert(change.customer().customer_id());
      return;
    case CatalogChange::kTimeframe:
      date_by_time_id_[change.timeframe().time_id()] = change.timeframe().date();
      time_id_by_date_[change.timeframe().date()] = change.timeframe().time_id();
      return;
    case CatalogChange::kDeletedProductSku:
      price_cents_.erase(change.deleted_product_sku());
      return;
    case CatalogChange::kDeletedCustomerId:
      customers_.erase(change.deleted_customer_id());
      return;
    case CatalogChange::kDeletedTimeId: {
      const auto date = date_by_time_id_.find(change.deleted_time_id());
      if (date == date_by_time_id_.end()) return;
      const auto time_id = time_id_by_date_.find(date->second);
      // The date may be there again under a new id already.
      if (time_id != time_id_by_date_.end() && time_id->second == change.deleted_time_id()) {
        time_id_by_date_.erase(time_id);
      }
      date_by_time_id_.erase(date);
      return;
    }
    case CatalogChange::ROW_NOT_SET:
      return;
  }
}

void CatalogReplica::Apply(const catalog::v1::StreamCatalogResponse& response) {
  {
    absl::MutexLock lock(&mutex_);
    for (const CatalogChange& change : response.changes()) ApplyChange(change);
  }
  gate_.Reach({.catalog = response.revision()});
}

void CatalogReplica::Reset() {
  {
    absl::MutexLock lock(&mutex_);
    price_cents_.clear();
    customers_.clear();
    date_by_time_id_.clear();
    time_id_by_date_.clear();
  }
  gate_.Reach({});
}

bool CatalogReplica::HasCustomer(int64_t customer_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  return customers_.contains(customer_id);
}

std::optional<int64_t> CatalogReplica::PriceCents(int64_t product_sku) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = price_cents_.find(product_sku);
  if (it == price_cents_.end()) return std::nullopt;
  return it->second;
}

std::string CatalogReplica::DateOf(int64_t time_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = date_by_time_id_.find(time_id);
  return it == date_by_time_id_.end() ? "" : it->second;
}

int64_t CatalogReplica::TimeIdOf(const std::string& date) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = time_id_by_date_.find(date);
  return it == time_id_by_date_.end() ? 0 : it->second;
}

void CatalogReplica::AddTimeframe(int64_t time_id, const std::string& date) {
  absl::MutexLock lock(&mutex_);
  date_by_time_id_[time_id] = date;
  time_id_by_date_[date] = time_id;
}

}  // namespace clustr::sales
