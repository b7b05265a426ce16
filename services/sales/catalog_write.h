#ifndef CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_
#define CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "services/sales/parts.h"
#include "services/sales/row_keys.h"
#include "services/sales/write/write_facts.h"

namespace clustr::sales {

// A write call whose rows refer to catalog. It takes these steps, each on the thread named:
//
//   1. gRPC's thread: validates the request. It then counts as a write until it is answered.
//   2. gate: waits for min_catalog_revision. If the replica knows every reference, continues at 6.
//   3. catalog pool: asks catalog, and brings the replica to what catalog holds now. Continues at 6
//      unless catalog has no timeframe for the date of the purchase.
//   4. writer thread: rehearses the write as if catalog had that timeframe, and rolls back. A call
//      that would be refused is answered here, so that no timeframe is created for it.
//   5. catalog pool: has catalog create the timeframe.
//   6. writer thread: writes. The rules of the rows decide on each reference, with the replica and
//      what catalog answered.
//
// So the writer never waits for catalog, and a reference is only refused as missing after catalog
// itself was asked. UNAVAILABLE, reason UPSTREAM, if it could not be asked about an unknown
// reference; DEADLINE_EXCEEDED, reason NOT_YET_VISIBLE, if min_catalog_revision was not reached.
//
// `check(request, &violations)` adds rules to those of the .proto. `write(context, request, facts,
// response)` writes the rows and may run twice. `parts` must outlive the call.
template <class Request, class Response, class Check, class Write>
grpc::ServerUnaryReactor* CatalogWriteCall(const Parts& parts, grpc::CallbackServerContext* context,
                                           const Request* request, Response* response,
                                           const Check& check, Write write);

// True if the replica knows what a row refers to. A field that an update leaves unset keeps its
// stored value, which any replica that was ever complete knows.
bool KnowsReferences(const CatalogReplica& replica, const v1::Transaction& header);
bool KnowsReferences(const CatalogReplica& replica, const v1::Sale& line);

// True if the day of a purchase is given by a date for which catalog has no timeframe.
bool NeedsTimeframe(const CatalogReplica& replica, const v1::Transaction& header);

// The steps of CatalogWriteCall once the request is valid. Small, and copied from step to step.
template <class Request, class Response, class Write>
class CatalogWrite {
 public:
  using Call = rpc::Call<Request, Response>;

  CatalogWrite(const Parts* parts, Call* call, Write write)
      : parts_(*parts), call_(*call), write_(std::move(write)) {}

  void Start() const;

 private:
  bool KnowsAllReferences() const;
  void AskCatalog() const;
  void Rehearse() const;
  void CreateTimeframe() const;
  void Submit(CatalogAnswer answer) const;

  const Parts& parts_;
  Call& call_;
  const Write write_;
};

// Implementation.

template <class Request, class Response, class Write>
void CatalogWrite<Request, Response, Write>::Start() const {
  rpc::Revisions wanted;
  if constexpr (requires(const Request& request) { request.min_catalog_revision(); }) {
    wanted.catalog = call_.request().min_catalog_revision();
  }
  parts_.gate->Wait(
      wanted, call_.caller(), [this] { return call_.origin(); },
      [steps = *this](const absl::Status& visible) {
        if (!visible.ok()) return steps.call_.Reply(visible);
        if (steps.KnowsAllReferences()) return steps.Submit(CatalogAnswer::kMissing);
        steps.parts_.catalog_pool->Run([steps] { steps.AskCatalog(); });
      });
}

template <class Request, class Response, class Write>
bool CatalogWrite<Request, Response, Write>::KnowsAllReferences() const {
  const auto knows = [this](const auto& row) { return KnowsReferences(*parts_.replica, row); };
  const Request& request = call_.request();
  bool known = true;
  if constexpr (requires { request.transaction(); }) known = knows(request.transaction());
  if constexpr (requires { request.sale(); }) known = known && knows(request.sale());
  if constexpr (requires { request.sales(); }) {
    known = known && std::all_of(request.sales().begin(), request.sales().end(), knows);
  }
  return known;
}

template <class Request, class Response, class Write>
void CatalogWrite<Request, Response, Write>::AskCatalog() const {
  const CatalogAnswer answer = AnswerAfter(parts_.client->CatchUp(call_.deadline(), call_.trace()));
  if constexpr (requires(const Request& request) { request.transaction(); }) {
    const Request& request = call_.request();
    if (answer == CatalogAnswer::kMissing && !request.validate_only() &&
        NeedsTimeframe(*parts_.replica, request.transaction())) {
      return Rehearse();
    }
  }
  Submit(answer);
}

template <class Request, class Response, class Write>
void CatalogWrite<Request, Response, Write>::Rehearse() const {
  // Stays false if the stored row would have another day, or if the call was answered before.
  auto needs_timeframe = std::make_shared<bool>(false);
  storage::WriteJob job;
  job.validate_only = true;
  job.work = [steps = *this, needs_timeframe](storage::WriteContext& context) -> absl::Status {
    CLUSTR_RETURN_IF_ERROR(steps.call_.Wanted());
    const Request& request = steps.call_.request();
    CLUSTR_ASSIGN_OR_RETURN(const auto answered,
                            rpc::Retries(request).FindAnswer(context.session()));
    if (answered.has_value()) return absl::OkStatus();
    Response rehearsed;
    CLUSTR_RETURN_IF_ERROR(
        steps.write_(context, request, WriteFacts{.validate_only = true}, &rehearsed));
    *needs_timeframe = rehearsed.transaction().time_id() == 0;
    return absl::OkStatus();
  };
  job.done = [steps = *this, needs_timeframe](const absl::Status& status) {
    if (!status.ok()) return steps.call_.Reply(status);
    if (!*needs_timeframe) return steps.Submit(CatalogAnswer::kMissing);
    steps.parts_.catalog_pool->Run([steps] { steps.CreateTimeframe(); });
  };
  parts_.store->Submit(std::move(job));
}

template <class Request, class Response, class Write>
void CatalogWrite<Request, Response, Write>::CreateTimeframe() const {
  Submit(AnswerAfter(parts_.client->EnsureTimeframe(call_.request().transaction().purchase_date(),
                                                    call_.deadline(), call_.trace())));
}

template <class Request, class Response, class Write>
void CatalogWrite<Request, Response, Write>::Submit(CatalogAnswer answer) const {
  const WriteFacts facts{.catalog_answer = answer,
                         .validate_only = rpc::ValidateOnly(call_.request())};
  rpc::SubmitWrite(
      &call_, *parts_.store,
      [write = write_, facts](storage::WriteContext& context, const Request& request,
                              Response* response) {
        return write(context, request, facts, response);
      },
      [&parts = parts_](storage::Session& session, Response* response) {
        FillKeys(*parts.transaction_keys, *parts.sale_keys, session, response);
      });
}

template <class Request, class Response, class Check, class Write>
grpc::ServerUnaryReactor* CatalogWriteCall(const Parts& parts, grpc::CallbackServerContext* context,
                                           const Request* request, Response* response,
                                           const Check& check, Write write) {
  return rpc::BeginCall(
      context, request, response,
      [&parts, write = std::move(write)](auto* call) {
        if (absl::Status room = call->Occupy(parts.calls->writes); !room.ok()) {
          return call->Reply(room);
        }
        CatalogWrite<Request, Response, Write>(&parts, call, write).Start();
      },
      check);
}

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_
