#include "services/bundles/state/shop_replica.h"

#include <memory>

#include "services/bundles/state/from_stream.h"

namespace clustr::bundles {

template <class Message>
void ShopReplica::Take(const Message& message, Position* side) {
  ApplyChanges(message, &index_);
  moved_ = moved_ || message.revision() != side->revision || !message.changes().empty();
  *side = {message.revision(), message.store_id(), message.revision() == message.head_revision()};
}

void ShopReplica::PublishIfExact() {
  if (!moved_ || !sales_.exact || !catalog_.exact) return;
  moved_ = false;
  auto state = std::make_shared<State>();
  state->serial = ++last_serial_;
  state->revisions = {sales_.revision, catalog_.revision};
  state->sales_store_id = sales_.store_id;
  state->catalog_store_id = catalog_.store_id;
  state->shop = index_.Publish();
  states_.Publish(std::move(state));
}

void ShopReplica::SalesSide::Apply(const sales::v1::StreamSalesResponse& message) {
  absl::MutexLock lock(&shop_.mutex_);
  shop_.sales_head_.store(message.head_revision(), std::memory_order_release);
  shop_.Take(message, &shop_.sales_);
  shop_.PublishIfExact();
}

void ShopReplica::SalesSide::Reset() {
  absl::MutexLock lock(&shop_.mutex_);
  shop_.index_.RemoveAllBaskets();
  shop_.sales_ = {};
  shop_.moved_ = true;
  shop_.states_.ForgetRecent();
}

void ShopReplica::CatalogSide::Apply(const catalog::v1::StreamCatalogResponse& message) {
  absl::MutexLock lock(&shop_.mutex_);
  shop_.Take(message, &shop_.catalog_);
  shop_.PublishIfExact();
}

void ShopReplica::CatalogSide::Reset() {
  absl::MutexLock lock(&shop_.mutex_);
  shop_.index_.RemoveAllProductsAndCustomers();
  shop_.catalog_ = {};
  shop_.moved_ = true;
  shop_.states_.ForgetRecent();
}

}  // namespace clustr::bundles
