#ifndef CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_
#define CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_

#include <algorithm>
#include <string>

#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "services/sales/sales_parts.h"
#include "services/sales/unknown_reference.h"

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

// On a thread that may wait: has catalog say, and create, what the replica does not know.
template <class Request>
absl::Status AskCatalog(CatalogClient& client, const Request& request, absl::Time deadline) {
  CLUSTR_RETURN_IF_ERROR(client.CatchUp(deadline));
  if constexpr (requires { request.transaction(); }) {
    const v1::Transaction& header = request.transaction();
    if (header.time_id() == 0 && !header.purchase_date().empty() && !request.validate_only()) {
      return client.EnsureTimeframe(header.purchase_date(), deadline);
    }
  }
  return absl::OkStatus();
}

// Waits for min_catalog_revision, looks the references up in the replica, asks catalog only where
// one is unknown, then submits `write(context, request, unknown_reason, response)`, which decides.
// `check` as in rpc::StartCall.
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
  const auto submit = [&parts, call, write](const char* unknown_reason) {
    rpc::SubmitWrite(call, *parts.store,
                     [&parts, write, unknown_reason](storage::WriteContext& write_context,
                                                     const Request& asked, Response* answer) {
                       parts.transaction_rules->set_unknown_reason(unknown_reason);
                       parts.transaction_rules->set_validate_only(asked.validate_only());
                       parts.transaction_rules->set_lines_total_cents(0);
                       parts.sale_rules->set_unknown_reason(unknown_reason);
                       return write(write_context, asked, unknown_reason, answer);
                     });
  };
  rpc::Revisions wanted;
  if constexpr (requires { request->min_catalog_revision(); }) {
    wanted.catalog = request->min_catalog_revision();
  }
  parts.gate->Wait(wanted, call->deadline(), [&parts, call, submit](const absl::Status& visible) {
    if (!visible.ok()) return call->Reply(visible);
    if (KnowsAllReferences(*parts.replica, call->request())) return submit(kReferenceMissing);
    parts.catalog_pool->Run([&parts, call, submit] {
      const bool asked = AskCatalog(*parts.client, call->request(), call->deadline()).ok();
      submit(asked ? kReferenceMissing : kUpstream);
    });
  });
  return call;
}

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_WRITE_H_
