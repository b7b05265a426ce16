#include "common/rpc/call_under_way.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/arrival.h"
#include "common/rpc/records/touched.h"
#include "common/rpc/tracing/tracer.h"
#include "common/storage/personal.h"

namespace clustr::rpc {

CallUnderWay::CallUnderWay(const grpc::ServerContextBase& context, const Method& method)
    : context_(context),
      method_(method),
      start_(SteadyNow()),
      peer_(PeerOf(context)),
      reception_(ReceptionOf(context)),
      admission_(Admit(context, method)),
      trace_(TraceOf(context)) {
  count_.fetch_add(1, std::memory_order_relaxed);
  if (reception_ != nullptr) reception_->metrics.Begun(method_);
}

CallUnderWay::~CallUnderWay() {
  if (reception_ != nullptr) reception_->metrics.Gone(method_);
  count_.fetch_sub(1, std::memory_order_release);
}

size_t CallUnderWay::HeldBytes(size_t bytes, const google::protobuf::Message* message) {
  size_t held = bytes;
  if (message == nullptr) return held;
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  const google::protobuf::Descriptor& type = *message->GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor* const field = type.field(i);
    const bool rows = field->is_repeated() && field->message_type() != nullptr;
    const int count = rows ? reflection.FieldSize(*message, field) : 0;
    if (count == 0) continue;
    // Rows of a kind take about the same, and measuring all would take long.
    const auto& first = reflection.GetRepeatedMessage(*message, field, 0);
    held += static_cast<size_t>(count) * (first.SpaceUsedLong() + sizeof(void*));
  }
  return held;
}

void CallUnderWay::Cover(google::protobuf::Message* answer) const {
  if (sees_personal() || !storage::MayHoldPersonal(*answer->GetDescriptor())) return;
  storage::ClearPersonal(answer);
}

void CallUnderWay::KeepTouched(const google::protobuf::Message& request) {
  if (method_.audited()) touched_ = TouchedBy(&request, nullptr);
}

void CallUnderWay::End(const absl::Status& status, const google::protobuf::Message* request,
                       const google::protobuf::Message* response) {
  const absl::Duration elapsed = Since(start_);
  const std::string code = absl::StatusCodeToString(status.code());
  const EndedCall call = {.method = method_.path,
                          .code = code,
                          .reason = ReasonName(ReasonOf(status)),
                          .elapsed = elapsed,
                          .peer = peer_,
                          .principal = admission_.principal,
                          .trace_id = trace_.trace_id,
                          .span_id = trace_.span_id};
  LogCall(call);
  if (trace_.tracer != nullptr) RecordSpan(call, status.code());
  if (reception_ == nullptr) return;
  reception_->metrics.Ended(method_, status.code(), elapsed, received_, sent_);
  const bool refused = !admission_.status.ok() || absl::IsPermissionDenied(status);
  if (refused || method_.audited()) {
    reception_->audit->Write(call, touched_, request, status.ok() ? response : nullptr);
  }
}

void CallUnderWay::RecordSpan(const EndedCall& call, absl::StatusCode code) const {
  trace_.tracer->Record({.trace = trace_,
                         .kind = Span::Kind::kServer,
                         .method = method_.name,
                         .server = "",
                         .end_unix_nanos = absl::GetCurrentTimeNanos(),
                         .elapsed = call.elapsed,
                         .code = code,
                         .reason = call.reason});
}

void CheckMayCompare(const grpc::ServerContextBase& context, const Method& method,
                     absl::string_view field, std::vector<Violation>* violations) {
  const Admission& admission = Admit(context, method);
  if (admission.roles.Has(options::v1::ROLE_PERSONAL)) return;
  const absl::Status error = RoleMissing(admission.principal, options::v1::ROLE_PERSONAL, method);
  violations->push_back({std::string(field),
                         absl::StrCat("compares personal data, which needs the role personal, and "
                                      "the policy of this server does not give it to ",
                                      admission.principal, "; compare other fields"),
                         common::v1::ERROR_REASON_ROLE_MISSING, MetadataOf(error)});
}

}  // namespace clustr::rpc
