#include "services/sales/catalog/catalog_client.h"

#include <algorithm>
#include <utility>

#include "absl/synchronization/notification.h"
#include "clustr/catalog/v1/timeframe_service.grpc.pb.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/base/caller.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/rpc/arrival.h"
#include "common/rpc/status.h"
#include "common/rpc/tracing/client_span.h"
#include "grpcpp/client_context.h"

namespace clustr::sales {
namespace {

constexpr absl::Duration kLongestCall = absl::Seconds(5);

// So early that the caller still sees the reason if catalog does not answer.
Deadline CallDeadline(Deadline deadline) {
  return std::min(AnswerBy(deadline), Deadline::In(kLongestCall));
}

absl::Status Unreachable() {
  return MakeError(common::v1::ERROR_REASON_UPSTREAM,
                   "catalog cannot be reached to check what this refers to; try again",
                   {{"service", "catalog"}});
}

}  // namespace

CatalogClient::CatalogClient(std::shared_ptr<const streaming::Upstream> catalog,
                             CatalogReplica* replica, rpc::RevisionGate* gate)
    : catalog_(std::move(catalog)), replica_(*replica), gate_(*gate) {}

absl::Status CatalogClient::CatchUp(Deadline deadline, const rpc::Trace& trace) {
  grpc::ClientContext context;
  rpc::ClientSpan span(trace.Child(), *ops::v1::GetStatusRequest::descriptor(), catalog_->address(),
                       &context);
  context.set_deadline(rpc::ToTimespec(CallDeadline(deadline)));
  ops::v1::GetStatusResponse status;
  const auto admin = ops::v1::AdminService::NewStub(catalog_->channel());
  const grpc::Status answered = admin->GetStatus(&context, {}, &status);
  span.End(answered);
  if (!answered.ok()) return Unreachable();
  return WaitFor(status.revision(), CallDeadline(deadline)).ok() ? absl::OkStatus() : Unreachable();
}

absl::Status CatalogClient::WaitFor(int64_t catalog_revision, Deadline deadline) {
  absl::Notification done;
  absl::Status result;
  // The call itself is counted where it came in.
  gate_.Wait(
      {.catalog = catalog_revision}, {deadline}, [] { return CallOrigin(); },
      [&](const absl::Status& status) {
        result = status;
        done.Notify();
      });
  done.WaitForNotification();
  return result;
}

absl::Status CatalogClient::EnsureTimeframe(const std::string& date, Deadline deadline,
                                            const rpc::Trace& trace) {
  if (replica_.TimeIdOf(date) != 0) return absl::OkStatus();
  grpc::ClientContext context;
  rpc::ClientSpan span(trace.Child(), *catalog::v1::CreateTimeframeRequest::descriptor(),
                       catalog_->address(), &context);
  context.set_deadline(rpc::ToTimespec(CallDeadline(deadline)));
  catalog::v1::CreateTimeframeRequest request;
  request.mutable_timeframe()->set_date(date);
  catalog::v1::CreateTimeframeResponse response;
  const auto timeframes = catalog::v1::TimeframeService::NewStub(catalog_->channel());
  const grpc::Status status = timeframes->CreateTimeframe(&context, request, &response);
  span.End(status);
  if (status.ok()) {
    replica_.AddTimeframe(response.timeframe().time_id(), date);
    return absl::OkStatus();
  }
  // Another client created it, so the stream will bring it.
  if (status.error_code() == grpc::StatusCode::ALREADY_EXISTS) return CatchUp(deadline, trace);
  return Unreachable();
}

CatalogAnswer AnswerAfter(const absl::Status& status) {
  return status.ok() ? CatalogAnswer::kMissing : CatalogAnswer::kUnreachable;
}

}  // namespace clustr::sales
