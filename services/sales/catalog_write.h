#ifndef CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_
#define CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "services/sales/catalog/unknown_reference.h"
#include "services/sales/sales_parts.h"

// Calls that write rows which refer to catalog.
namespace clustr::sales {

// True if the replica knows what a row refers to. What a row leaves unset stands in the stored row,
// and the replica knows that once it was complete.
bool KnowsReferences(const CatalogReplica& replica, const v1::Transaction& header);
bool KnowsReferences(const CatalogReplica& replica, const v1::Sale& line);

// True if it knows what all rows of a request refer to.
template <class Request>
bool KnowsAllReferences(const CatalogReplica& replica, const Request& request) {
  bool known = true;
  if constexpr (requires { request.transaction(); }) {
    known = known && KnowsReferences(replica, request.transaction());
  }
  if constexpr (requires { request.sale(); }) {
    known = known && KnowsReferences(replica, request.sale());
  }
  if constexpr (requires { request.sales(); }) {
    known = known && std::all_of(request.sales().begin(), request.sales().end(),
                                 [&](const auto& line) { return KnowsReferences(replica, line); });
  }
  return known;
}

// True if catalog may have to make the day of a purchase.
template <class Request>
bool MayNeedDay(const CatalogReplica& replica, const Request& request) {
  if constexpr (requires { request.transaction(); }) {
    const v1::Transaction& header = request.transaction();
    return header.time_id() == 0 && !header.purchase_date().empty() && !request.validate_only() &&
           replica.TimeIdOf(header.purchase_date()) == 0;
  }
  return false;
}

// Has the writer decide on a call as if catalog had its day, and takes everything back. Replies to
// a call that would be refused, so that no day is made for it; otherwise runs `then(needs_day)` on
// the pool: false if what would be stored is of another day, or the call was answered before.
template <class Request, class Response, class Write, class Then>
void Rehearse(rpc::Call<Request, Response>* call, storage::Store& store, Write write, Then then) {
  auto needs_day = std::make_shared<bool>(false);
  storage::WriteJob job;
  job.validate_only = true;
  job.work = [call, write, needs_day](storage::WriteContext& context) -> absl::Status {
    CLUSTR_RETURN_IF_ERROR(call->Wanted());
    Request rehearsal = call->request();
    if (!rehearsal.request_id().empty()) {
      const auto key = storage::RetryKey::Of(rpc::MethodOf(*Request::descriptor()),
                                             rehearsal.request_id(), rehearsal);
      CLUSTR_ASSIGN_OR_RETURN(const auto answered,
                              storage::FindAnswer(context.session(), key, absl::Now()));
      if (answered.has_value()) return absl::OkStatus();
    }
    rehearsal.set_validate_only(true);
    Response answer;
    CLUSTR_RETURN_IF_ERROR(write(context, rehearsal, &answer));
    *needs_day = answer.transaction().time_id() == 0;
    return absl::OkStatus();
  };
  job.done = [call, needs_day, then](const absl::Status& status) {
    status.ok() ? then(*needs_day) : call->Reply(status);
  };
  store.Submit(std::move(job));
}

// Waits for min_catalog_revision, looks the references up in the replica, asks catalog only where
// one is unknown, then submits `write(context, request, unknown_reason, response)`, which decides.
// A day that catalog does not have is made once all else is well. `check` as in rpc::StartCall.
template <class Request, class Response, class Check, class Write>
grpc::ServerUnaryReactor* CatalogWriteCall(const SalesParts& parts,
                                           grpc::CallbackServerContext* context,
                                           const Request* request, Response* response,
                                           const Check& check, Write write) {
  auto* call = new rpc::Call<Request, Response>(context, request, response);
  if (absl::Status valid = call->Validate(check); !valid.ok()) {
    call->Reply(valid);
    return call;
  }
  const auto write_for = [&parts, write](const char* unknown_reason) {
    return [&parts, write, unknown_reason](storage::WriteContext& write_context,
                                           const Request& asked, Response* answer) {
      parts.transaction_rules->set_unknown_reason(unknown_reason);
      parts.transaction_rules->set_validate_only(asked.validate_only());
      parts.transaction_rules->set_lines_total_cents(0);
      parts.sale_rules->set_unknown_reason(unknown_reason);
      return write(write_context, asked, unknown_reason, answer);
    };
  };
  const auto submit = [&parts, call, write_for](const char* unknown_reason) {
    rpc::SubmitWrite(call, *parts.store, write_for(unknown_reason));
  };
  rpc::Revisions wanted;
  if constexpr (requires { request->min_catalog_revision(); }) {
    wanted.catalog = request->min_catalog_revision();
  }
  const auto ask_catalog = [&parts, call, write_for, submit] {
    if (!parts.client->CatchUp(call->deadline()).ok()) return submit(kUpstream);
    if (!MayNeedDay(*parts.replica, call->request())) return submit(kReferenceMissing);
    if constexpr (requires { call->request().transaction(); }) {
      Rehearse(call, *parts.store, write_for(kReferenceMissing),
               [&parts, call, submit](bool needs_day) {
                 if (!needs_day) return submit(kReferenceMissing);
                 parts.catalog_pool->Run([&parts, call, submit] {
                   const absl::Status made = parts.client->EnsureTimeframe(
                       call->request().transaction().purchase_date(), call->deadline());
                   submit(made.ok() ? kReferenceMissing : kUpstream);
                 });
               });
    }
  };
  parts.gate->Wait(wanted, call->deadline(),
                   [&parts, call, submit, ask_catalog](const absl::Status& visible) {
                     if (!visible.ok()) return call->Reply(visible);
                     if (KnowsAllReferences(*parts.replica, call->request())) {
                       return submit(kReferenceMissing);
                     }
                     parts.catalog_pool->Run(ask_catalog);
                   });
  return call;
}

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_
