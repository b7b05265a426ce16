#ifndef CLUSTR_SERVICES_BUNDLES_VERIFY_SHOP_COPY_H_
#define CLUSTR_SERVICES_BUNDLES_VERIFY_SHOP_COPY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "common/base/steady_condition.h"
#include "common/rpc/revision_gate.h"
#include "common/rpc/tracing/client_span.h"
#include "common/streaming/upstream.h"
#include "grpcpp/client_context.h"
#include "services/bundles/rules/reference_shop.h"
#include "services/bundles/state/published_states.h"

namespace clustr::bundles {

// A second copy of the shop, read over its own streams and kept up to date until it is at exactly
// the revisions of a published state. Thread-safe, except for Stop and what may be called after it.
class ShopCopy {
 public:
  // Starts to read on two threads, by streams that belong to `trace`. The matched state will cover
  // `wanted`. Borrows `states`.
  ShopCopy(const streaming::Upstream& sales, const streaming::Upstream& catalog,
           const PublishedStates* states, const rpc::Revisions& wanted, const rpc::Trace& trace);
  ~ShopCopy() { Stop(); }
  ShopCopy(const ShopCopy&) = delete;
  ShopCopy& operator=(const ShopCopy&) = delete;

  // Blocks until the copy matches a published state, a stream breaks, `more` further basket changes
  // have been read, or `timeout` passes. True in the first two cases.
  bool Await(int64_t more, absl::Duration timeout);

  // Number of basket changes read so far.
  int64_t baskets_read() const;

  // Ends the streams. This function and those below must be called by one thread only.
  void Stop();

  // After Stop: OK if the copy matches a published state, UNAVAILABLE with reason UPSTREAM if a
  // stream broke, CANCELLED otherwise.
  absl::Status status() const;
  // After Stop: the published state that the copy matches, and the copy, which no longer changes.
  const StatePtr& matched() const { return matched_; }
  const rules::ReferenceShop& shop() const { return shop_; }

 private:
  struct Position {
    int64_t revision = 0;
    bool exact = false;
  };

  template <class Request, class Reader>
  void Read(const std::string& upstream, Reader open, grpc::ClientContext* context,
            rpc::ClientSpan* span, Position* position);
  void LookForMatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const PublishedStates& states_;
  const rpc::Revisions wanted_;
  const std::unique_ptr<sales::v1::SalesStreamService::Stub> sales_stub_;
  const std::unique_ptr<catalog::v1::CatalogStreamService::Stub> catalog_stub_;
  grpc::ClientContext sales_context_;
  grpc::ClientContext catalog_context_;
  rpc::ClientSpan sales_span_;
  rpc::ClientSpan catalog_span_;

  mutable absl::Mutex mutex_;
  SteadyCondition changed_;  // baskets_read_ or ended_ has changed.
  // The next two are guarded by mutex_ until Stop returns.
  rules::ReferenceShop shop_;
  StatePtr matched_;
  Position sales_ ABSL_GUARDED_BY(mutex_);
  Position catalog_ ABSL_GUARDED_BY(mutex_);
  int64_t baskets_read_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_) = absl::CancelledError("the copy was not finished");
  std::thread sales_thread_;
  std::thread catalog_thread_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_VERIFY_SHOP_COPY_H_
