#ifndef CLUSTR_COMMON_RPC_CALL_UNDER_WAY_H_
#define CLUSTR_COMMON_RPC_CALL_UNDER_WAY_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/steady_time.h"
#include "common/rpc/access/gatekeeper.h"
#include "common/rpc/access/method.h"
#include "common/rpc/connections/unsent_answer.h"
#include "common/rpc/records/reception.h"
#include "common/rpc/tracing/trace.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"

namespace clustr::rpc {

// A member of every reactor, which lives as long as its call does: it asks whether the call may be
// carried out, and records its end. It also counts the calls that this process is carrying out, so
// that a server that drains knows when the last one has ended. Thread-safe, except that sizes are
// added by one thread at a time.
class CallUnderWay {
 public:
  // A call of `method` has arrived. Borrows both.
  CallUnderWay(const grpc::ServerContextBase& context, const Method& method);
  ~CallUnderWay();
  CallUnderWay(const CallUnderWay&) = delete;
  CallUnderWay& operator=(const CallUnderWay&) = delete;

  // Calls of all servers of this process. Those of health and reflection are not counted.
  static int64_t Count() { return count_.load(std::memory_order_acquire); }

  // Unless this is OK, the reactor must end the call with it before anything else.
  const absl::Status& admitted() const { return admission_.status; }
  // Whether the caller may see personal data.
  bool sees_personal() const { return admission_.roles.Has(options::v1::ROLE_PERSONAL); }
  // Clears the personal data in an answer if the caller must not see them.
  void Cover(google::protobuf::Message* answer) const;

  const Trace& trace() const { return trace_; }
  // Who calls, as PeerOf says.
  const std::string& peer() const { return peer_; }

  // Estimate of the memory of `message`, which may be null, with an encoding of `bytes`: rows of
  // one field are taken to be as large as the first. O(fields of `message`).
  static size_t HeldBytes(size_t bytes, const google::protobuf::Message* message);

  // Bytes of a message of the request.
  void AddReceived(size_t bytes) { received_ += bytes; }
  // Bytes of a message of the answer, which is about to be sent, after those before. gRPC holds
  // `message`, unless it is null, until the client has taken it.
  void AddSent(size_t bytes, const google::protobuf::Message* message = nullptr) {
    sent_ += bytes;
    unsent_.Begin(context_, bytes < UnsentAnswer::kLarge ? 0 : HeldBytes(bytes, message));
  }

  // An import has ended: counts its rows. `summary` is a clustr.common.v1.ImportSummary.
  template <class Summary>
  void CountImported(const Summary& summary) {
    if (reception_ == nullptr) return;
    auto& rows = reception_->metrics.imported_rows;
    rows.stored += summary.created_count() + summary.updated_count();
    rows.unchanged += summary.unchanged_count();
    rows.refused += summary.failed_count();
  }

  // Keeps for the audit what the first message of a stream touches, which is gone when it ends.
  void KeepTouched(const google::protobuf::Message& request);

  // The call ends with `status`: one line of the log, its metrics, its span if its trace is
  // sampled, and a line of the audit if the caller was refused or the method is audited. `request`
  // and `response` may be null; the audit takes ids from them. To be called once, before the
  // reactor finishes.
  void End(const absl::Status& status, const google::protobuf::Message* request,
           const google::protobuf::Message* response);

 private:
  void RecordSpan(const EndedCall& call, absl::StatusCode code) const;

  static inline std::atomic<int64_t> count_ = 0;

  const grpc::ServerContextBase& context_;
  const Method& method_;
  const SteadyTime start_;
  const std::string peer_;
  Reception* const reception_;  // May be null.
  const Admission& admission_;  // Kept by the context.
  const Trace trace_;
  std::string touched_;  // See KeepTouched.
  size_t received_ = 0;
  size_t sent_ = 0;
  UnsentAnswer unsent_;
};

// Appends what is wrong with `field` of a request, such as its filter, if the caller must not see
// the personal data that it compares.
void CheckMayCompare(const grpc::ServerContextBase& context, const Method& method,
                     absl::string_view field, std::vector<Violation>* violations);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CALL_UNDER_WAY_H_
