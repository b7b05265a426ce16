#include "services/sales/catalog/catalog_replica.h"

#include "common/schema/money.h"

namespace clustr::sales {

using catalog::v1::CatalogChange;

absl::string_view CatalogReplica::Intern(const std::string& text) {
  return text.empty() ? absl::string_view() : *texts_.insert(text).first;
}

void CatalogReplica::PutProduct(const catalog::v1::Product& product) {
  const int64_t sku = product.product_sku();
  const absl::string_view category = Intern(product.category());
  const absl::string_view brand = Intern(product.brand());
  const auto [it, is_new] = products_.try_emplace(sku);
  if (is_new || it->second.category != category || it->second.brand != brand) {
    changed_products_.Changed(sku);
  }
  it->second = {schema::CentsOf(product.price()).value_or(0), product.product_name(), category,
                brand};
  product_keys_.Put(sku, product.external_id());
}

void CatalogReplica::PutCustomer(const catalog::v1::Customer& customer) {
  const int64_t id = customer.customer_id();
  const absl::string_view segment = Intern(customer.customer_segment());
  const auto [it, is_new] = customers_.try_emplace(id);
  if (is_new || it->second != segment) changed_customers_.Changed(id);
  it->second = segment;
  customer_keys_.Put(id, customer.external_id());
}

void CatalogReplica::ApplyChange(const CatalogChange& change) {
  switch (change.row_case()) {
    case CatalogChange::kProduct:
      return PutProduct(change.product());
    case CatalogChange::kCustomer:
      return PutCustomer(change.customer());
    case CatalogChange::kTimeframe:
      date_by_time_id_[change.timeframe().time_id()] = change.timeframe().date();
      time_id_by_date_[change.timeframe().date()] = change.timeframe().time_id();
      return;
    case CatalogChange::kDeletedProductSku:
      products_.erase(change.deleted_product_sku());
      changed_products_.Changed(change.deleted_product_sku());
      product_keys_.Remove(change.deleted_product_sku());
      return;
    case CatalogChange::kDeletedCustomerId:
      customers_.erase(change.deleted_customer_id());
      changed_customers_.Changed(change.deleted_customer_id());
      customer_keys_.Remove(change.deleted_customer_id());
      return;
    case CatalogChange::kDeletedTimeId: {
      const auto date = date_by_time_id_.find(change.deleted_time_id());
      if (date == date_by_time_id_.end()) return;
      const auto time_id = time_id_by_date_.find(date->second);
      // The date may have a new timeframe by now.
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
    revision_ = response.revision();
    complete_ = complete_ || response.revision() == response.head_revision();
  }
  if (history_ != nullptr && response.revision() == response.head_revision()) {
    history_->Saw(response.store_id(), response.revision());
  }
  gate_.Reach({.catalog = response.revision()});
}

void CatalogReplica::Reset() {
  {
    absl::MutexLock lock(&mutex_);
    revision_ = 0;
    complete_ = false;
    products_.clear();
    customers_.clear();
    changed_products_.StartOver();
    changed_customers_.StartOver();
    product_keys_.Clear();
    customer_keys_.Clear();
    date_by_time_id_.clear();
    time_id_by_date_.clear();
  }
  gate_.Reach({});
}

bool CatalogReplica::HasCustomer(int64_t customer_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  return customers_.contains(customer_id);
}

int64_t CatalogReplica::CustomerIdOf(const std::string& external_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  return customer_keys_.IdOf(external_id);
}

int64_t CatalogReplica::ProductSkuOf(const std::string& external_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  return product_keys_.IdOf(external_id);
}

std::string CatalogReplica::CustomerKeyOf(int64_t customer_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  return customer_keys_.KeyOf(customer_id);
}

std::string CatalogReplica::ProductKeyOf(int64_t product_sku) const {
  absl::ReaderMutexLock lock(&mutex_);
  return product_keys_.KeyOf(product_sku);
}

void CatalogReplica::FillProductKeys(google::protobuf::RepeatedPtrField<v1::Sale>* lines) const {
  absl::ReaderMutexLock lock(&mutex_);
  for (v1::Sale& line : *lines) {
    const std::string* key = product_keys_.Find(line.product_sku());
    if (key == nullptr) {
      line.clear_product_external_id();
    } else {
      line.set_product_external_id(*key);
    }
  }
}

std::optional<int64_t> CatalogReplica::PriceCents(int64_t product_sku) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = products_.find(product_sku);
  if (it == products_.end()) return std::nullopt;
  return it->second.price_cents;
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

bool CatalogReplica::complete() const {
  absl::ReaderMutexLock lock(&mutex_);
  return complete_;
}

CatalogReplica::Attribute CatalogReplica::ProductCategories() const {
  absl::ReaderMutexLock lock(&mutex_);
  Attribute found{revision_, {}};
  found.text_by_id.reserve(products_.size());
  for (const auto& [sku, product] : products_) found.text_by_id[sku] = product.category;
  return found;
}

CatalogReplica::Attribute CatalogReplica::ProductBrands() const {
  absl::ReaderMutexLock lock(&mutex_);
  Attribute found{revision_, {}};
  found.text_by_id.reserve(products_.size());
  for (const auto& [sku, product] : products_) found.text_by_id[sku] = product.brand;
  return found;
}

CatalogReplica::Attribute CatalogReplica::CustomerSegments() const {
  absl::ReaderMutexLock lock(&mutex_);
  return {revision_, customers_};
}

CatalogReplica::Attribute CatalogReplica::Nothing() const {
  absl::ReaderMutexLock lock(&mutex_);
  return {revision_, {}};
}

CatalogReplica::Versions CatalogReplica::versions() const {
  absl::ReaderMutexLock lock(&mutex_);
  return {revision_, changed_products_.version(), changed_customers_.version()};
}

ProductChanges CatalogReplica::ProductsSince(int64_t version) const {
  absl::ReaderMutexLock lock(&mutex_);
  ProductChanges changes = {.version = changed_products_.version(), .catalog_revision = revision_};
  const auto ids = changed_products_.Since(version);
  changes.all = !ids.has_value();
  if (changes.all) {
    changes.rows.reserve(products_.size());
    for (const auto& [sku, product] : products_) {
      changes.rows.push_back({sku, product.category, product.brand});
    }
    return changes;
  }
  for (const int64_t sku : *ids) {
    const auto it = products_.find(sku);
    changes.rows.push_back(it == products_.end()
                               ? ProductAttributes{sku, "", ""}
                               : ProductAttributes{sku, it->second.category, it->second.brand});
  }
  return changes;
}

CustomerChanges CatalogReplica::CustomersSince(int64_t version) const {
  absl::ReaderMutexLock lock(&mutex_);
  CustomerChanges changes = {.version = changed_customers_.version(),
                             .catalog_revision = revision_};
  const auto ids = changed_customers_.Since(version);
  changes.all = !ids.has_value();
  if (changes.all) {
    changes.rows.reserve(customers_.size());
    for (const auto& [id, segment] : customers_) changes.rows.push_back({id, segment});
    return changes;
  }
  for (const int64_t id : *ids) {
    const auto it = customers_.find(id);
    changes.rows.push_back({id, it == customers_.end() ? absl::string_view() : it->second});
  }
  return changes;
}

std::vector<std::optional<CatalogReplica::ProductNames>> CatalogReplica::NamesOf(
    const std::vector<int64_t>& product_skus, int64_t* catalog_revision) const {
  std::vector<std::optional<ProductNames>> names;
  names.reserve(product_skus.size());
  absl::ReaderMutexLock lock(&mutex_);
  *catalog_revision = revision_;
  for (const int64_t sku : product_skus) {
    const auto it = products_.find(sku);
    names.emplace_back();
    if (it != products_.end()) names.back() = {it->second.name, product_keys_.KeyOf(sku)};
  }
  return names;
}

void CatalogReplica::AddTimeframe(int64_t time_id, const std::string& date) {
  absl::MutexLock lock(&mutex_);
  date_by_time_id_[time_id] = date;
  time_id_by_date_[date] = time_id;
}

}  // namespace clustr::sales
