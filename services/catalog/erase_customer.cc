#include "services/catalog/erase_customer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/resource/resource.h"
#include "common/rpc/call.h"
#include "common/schema/annotations.h"
#include "common/storage/request_log.h"

namespace clustr::catalog {
namespace {

using EraseCall = rpc::Call<v1::EraseCustomerRequest, v1::EraseCustomerResponse>;

void CheckExactlyOne(const v1::EraseCustomerRequest& request, std::vector<Violation>* violations) {
  if (request.id() == 0 && request.external_id().empty()) {
    violations->push_back({"id", "is missing; give the id of the customer, or external_id"});
  } else if (request.id() != 0 && !request.external_id().empty()) {
    violations->push_back(
        {"external_id", absl::StrCat(Quoted(request.external_id()), " is given beside the id ",
                                     request.id(), "; give one of the two")});
  }
}

// Appends the answers of the method that takes Request, behind `after_seq`, in which the customer
// is; returns the newest seq of the log.
template <class Request, class Response>
int64_t SearchAnswers(storage::Session& session, int64_t customer_id, int64_t after_seq,
                      std::vector<int64_t>* found) {
  return storage::ScanAnswers(session, rpc::MethodOf<Request>().path, after_seq,
                              [&](int64_t seq, const std::string& answer) {
                                Response response;
                                response.ParseFromString(answer);
                                if (response.customer().customer_id() == customer_id) {
                                  found->push_back(seq);
                                }
                              });
}

// The same for every method that answers with a customer and takes a request_id. The two answers
// have the same fields, so one stands for both.
int64_t SearchLog(storage::Session& session, int64_t customer_id, int64_t after_seq,
                  std::vector<int64_t>* found) {
  SearchAnswers<v1::CreateCustomerRequest, v1::CreateCustomerResponse>(session, customer_id,
                                                                       after_seq, found);
  return SearchAnswers<v1::UpdateCustomerRequest, v1::UpdateCustomerResponse>(session, customer_id,
                                                                              after_seq, found);
}

}  // namespace

absl::StatusOr<int64_t> CustomerErasure::FindId(storage::Session& session,
                                                const v1::EraseCustomerRequest& request) const {
  if (request.id() != 0) return request.id();
  const storage::Table& table = customers_.table();
  schema::Cell value;
  value.null = false;
  value.text = request.external_id();
  const auto* field = v1::Customer::descriptor()->FindFieldByName("external_id");
  const int64_t id = table.FindId(session, table.columns()[table.ColumnOf(*field)], value);
  if (id != 0) return id;
  return resource::RowsNotFound(table, {}, {request.external_id()});
}

absl::StatusOr<CustomerErasure::Traces> CustomerErasure::Search(
    const v1::EraseCustomerRequest& request, const Caller& caller) const {
  Traces traces;
  const absl::Status searched = store_.Read(
      [&](storage::Session& session) {
        CLUSTR_ASSIGN_OR_RETURN(traces.customer_id, FindId(session, request));
        traces.searched = SearchLog(session, traces.customer_id, 0, &traces.in_log);
        return absl::OkStatus();
      },
      caller);
  if (!searched.ok()) return searched;
  return traces;
}

absl::Status CustomerErasure::Remove(storage::WriteContext& context,
                                     const v1::EraseCustomerRequest& request, Traces traces,
                                     v1::EraseCustomerResponse* response) const {
  storage::Session& session = context.session();
  CLUSTR_ASSIGN_OR_RETURN(const int64_t id, FindId(session, request));
  // The external_id may have passed to another customer since the search.
  if (id != traces.customer_id) traces = {.customer_id = id, .searched = 0, .in_log = {}};
  SearchLog(session, id, traces.searched, &traces.in_log);
  v1::Customer row;
  if (customers_.table().Get(session, id, &row)) {
    customers_.Delete(context, /*rules=*/nullptr, row);
    response->set_revision(context.Revision());
  } else {
    response->set_revision(customers_.table().RemovedAt(session, id));
    if (response->revision() == 0) return resource::RowsNotFound(customers_.table(), {id});
  }
  response->set_customer_id(id);
  // The id is all that a repeated call is told of somebody who was erased.
  v1::CreateCustomerResponse kept;
  kept.mutable_customer()->set_customer_id(id);
  for (const int64_t seq : traces.in_log) {
    storage::ForgetRequest(session, seq, kept.SerializeAsString());
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* CustomerErasure::Erase(grpc::CallbackServerContext* context,
                                                 const v1::EraseCustomerRequest* request,
                                                 v1::EraseCustomerResponse* response) {
  return rpc::BeginCall(
      context, request, response,
      [this](EraseCall* call) {
        if (absl::Status room = call->Occupy(calls_.writes); !room.ok()) return call->Reply(room);
        call->RunIn(calls_.scans, [this, call] {
          absl::StatusOr<Traces> traces = Search(call->request(), call->caller());
          if (!traces.ok()) return call->Reply(traces.status());
          store_.Submit(
              {.work =
                   [this, call, traces = *std::move(traces)](storage::WriteContext& context) {
                     CLUSTR_RETURN_IF_ERROR(call->Wanted());
                     return Remove(context, call->request(), traces, &call->response());
                   },
               .done = [call](const absl::Status& status) { call->Reply(status); },
               .purged = [call](bool purged) { call->response().set_traces_remain(!purged); }});
        });
      },
      CheckExactlyOne);
}

}  // namespace clustr::catalog
