#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_STREAM_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/call_slots.h"
#include "common/base/caller.h"
#include "common/base/pause_watch.h"
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
  // Begins to read, with a slot that it keeps until its end; without one, it ends with the error,
  // and so it does if the caller may not make this call, or once `pauses` finds that the client
  // pauses for too long. Borrows all of its arguments.
  RuleImportStream(const grpc::CallbackServerContext& context, grpc::ByteBuffer* response,
                   const Parts& parts, RuleSets* rule_sets, ThreadPool* pool,
                   absl::StatusOr<CallSlots::Slot> slot, PauseWatch* pauses);

 private:
  void OnReadDone(bool ok) override;
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

  void ReadNext();
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
  const absl::StatusOr<CallSlots::Slot> slot_;
  PauseWatch& pauses_;
  std::atomic<bool> cancelled_{false};

  RuleImport import_;
  grpc::ByteBuffer bytes_;
  v1::ImportRulesRequest message_;
  int64_t message_count_ = 0;
  v1::ImportRulesResponse answer_;
  PauseWatch::Stream pause_;  // While it waits for a message. The first to be destroyed.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_STREAM_H_
