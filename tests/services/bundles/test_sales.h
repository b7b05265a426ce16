#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_TEST_SALES_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_TEST_SALES_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/rpc/status.h"

namespace clustr::bundles {

// A sales service that streams the baskets which a test puts into it. Thread-safe.
class TestSales final : public sales::v1::SalesStreamService::Service {
 public:
  // Adds or replaces a purchase of customer 1, or removes it if `skus` is empty. Returns the
  // revision of the change.
  int64_t Put(int64_t transaction_id, std::vector<int64_t> skus, int32_t epoch_day = 19'000) {
    absl::MutexLock lock(&mutex_);
    sales::v1::BasketChange change;
    change.set_transaction_id(transaction_id);
    change.set_customer_id(1);
    change.set_epoch_day(epoch_day);
    change.set_channel(transaction_id % 2 == 0 ? "Online" : "Store");
    for (const int64_t sku : skus) {
      change.add_product_sku(sku);
      change.add_quantity(1);
      change.add_unit_price_cents(100);
    }
    changes_[++head_] = std::move(change);
    return head_;
  }

  // Starts another history: drops all baskets and revisions, and refuses to resume older streams.
  void StartOver() {
    absl::MutexLock lock(&mutex_);
    changes_.clear();
    head_ = 0;
    ++history_;
  }

  grpc::Status StreamSales(grpc::ServerContext* context,
                           const sales::v1::StreamSalesRequest* request,
                           grpc::ServerWriter<sales::v1::StreamSalesResponse>* writer) override {
    int64_t sent = request->after_revision();
    const std::string opened = StoreId();
    if (!request->store_id().empty() && request->store_id() != opened) {
      return rpc::ToGrpc(MakeError(common::v1::ERROR_REASON_RESUME_REFUSED, "start at 0"));
    }
    bool sent_first = false;
    while (!context->IsCancelled()) {
      sales::v1::StreamSalesResponse message;
      {
        absl::MutexLock lock(&mutex_);
        const auto more = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
          return head_ > sent || history_text() != opened;
        };
        mutex_.AwaitWithTimeout(absl::Condition(&more), absl::Milliseconds(sent_first ? 20 : 0));
        if (history_text() != opened) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "over");
        if (head_ == sent && sent_first) continue;
        for (auto it = changes_.upper_bound(sent); it != changes_.end(); ++it) {
          *message.add_changes() = it->second;
        }
        sent = head_;
        message.set_revision(head_);
        message.set_head_revision(head_);
        message.set_store_id(opened);
      }
      sent_first = true;
      writer->Write(message);
    }
    return grpc::Status::CANCELLED;
  }

 private:
  std::string history_text() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return "history " + std::to_string(history_);
  }
  std::string StoreId() {
    absl::MutexLock lock(&mutex_);
    return history_text();
  }

  absl::Mutex mutex_;
  std::map<int64_t, sales::v1::BasketChange> changes_
      ABSL_GUARDED_BY(mutex_);  // Keyed by revision.
  int64_t head_ ABSL_GUARDED_BY(mutex_) = 0;
  int history_ ABSL_GUARDED_BY(mutex_) = 1;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_TEST_SALES_H_
