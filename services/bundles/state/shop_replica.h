#ifndef CLUSTR_SERVICES_BUNDLES_STATE_SHOP_REPLICA_H_
#define CLUSTR_SERVICES_BUNDLES_STATE_SHOP_REPLICA_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "clustr/sales/v1/sales_stream_service.pb.h"
#include "common/streaming/follower.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/state/published_states.h"

namespace clustr::bundles {

// The shop as the streams of sales and catalog describe it. Publishes a state after each message
// that changed it and left both sides exact, that is, at their head revisions. Thread-safe; borrows
// `states`.
class ShopReplica {
 public:
  explicit ShopReplica(PublishedStates* states) : states_(*states) {}

  // The replicas for the two followers.
  streaming::Replica<sales::v1::StreamSalesResponse>* sales() { return &sales_side_; }
  streaming::Replica<catalog::v1::StreamCatalogResponse>* catalog() { return &catalog_side_; }

  // The newest sales revision that the stream has announced. Not below that of any published state
  // of the same history.
  int64_t sales_head() const { return sales_head_.load(std::memory_order_acquire); }

 private:
  class SalesSide final : public streaming::Replica<sales::v1::StreamSalesResponse> {
   public:
    explicit SalesSide(ShopReplica* shop) : shop_(*shop) {}
    void Apply(const sales::v1::StreamSalesResponse& message) override;
    void Reset() override;

   private:
    ShopReplica& shop_;
  };

  class CatalogSide final : public streaming::Replica<catalog::v1::StreamCatalogResponse> {
   public:
    explicit CatalogSide(ShopReplica* shop) : shop_(*shop) {}
    void Apply(const catalog::v1::StreamCatalogResponse& message) override;
    void Reset() override;

   private:
    ShopReplica& shop_;
  };

  // The point that one side has reached.
  struct Position {
    int64_t revision = 0;
    std::string store_id;
    bool exact = false;
  };

  template <class Message>
  void Take(const Message& message, Position* side) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void PublishIfExact() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  PublishedStates& states_;
  SalesSide sales_side_{this};
  CatalogSide catalog_side_{this};
  std::atomic<int64_t> sales_head_{0};

  absl::Mutex mutex_;
  index::ShopIndex index_ ABSL_GUARDED_BY(mutex_);
  Position sales_ ABSL_GUARDED_BY(mutex_);
  Position catalog_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_serial_ ABSL_GUARDED_BY(mutex_) = 0;
  bool moved_ ABSL_GUARDED_BY(mutex_) = true;  // Something changed since the last state.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_STATE_SHOP_REPLICA_H_
