#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_STREAM_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/caller.h"
#include "common/base/steady_time.h"
#include "common/base/thread_pool.h"
#include "common/rpc/call_under_way.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/rule_service/rule_import.h"

namespace clustr::bundles {

// One ImportRules. One message at a time is in memory and worked on, on `pool`, so no two steps
// overlap. Deletes itself when gRPC is done with it.
//
// It reads bytes and decodes them itself: gRPC's own reader takes a message that cannot be decoded
// for the end of the stream.
class RuleImportStream final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  // How many may be open at once.
  static constexpr int kMaxOpen = 4;

  // Begins to read, if fewer than kMaxOpen others are open, which `open` counts. Otherwise it ends
  // with QUOTA, and likewise if the caller may not make this call. Borrows all of its arguments.
  RuleImportStream(const grpc::CallbackServerContext& context, grpc::ByteBuffer* response,
                   const Parts& parts, RuleSets* rule_sets, ThreadPool* pool,
                   std::atomic<int>* open);
  ~RuleImportStream() override;

 private:
  void OnReadDone(bool ok) override;
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

  // What is done with a message, on the pool.
  void Process();
  void TakeRules();
  void Store();
  void End(const absl::Status& status);

  rpc::CallUnderWay under_way_;
  const grpc::CallbackServerContext& context_;
  grpc::ByteBuffer* const response_;
  const Parts parts_;
  ThreadPool& pool_;
  const Deadline deadline_;
  std::atomic<int>& open_;
  std::atomic<bool> cancelled_{false};

  RuleImport import_;
  grpc::ByteBuffer bytes_;
  v1::ImportRulesRequest message_;
  int64_t message_count_ = 0;
  v1::ImportRulesResponse answer_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_STREAM_H_
