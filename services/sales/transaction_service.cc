#include "common/base/status_macros.h"
#include "services/sales/services.h"

namespace clustr::sales {
namespace {

using PurchaseCall = rpc::Call<v1::RecordPurchaseRequest, v1::RecordPurchaseResponse>;

// On a thread that may wait: has catalog say, and create, what the replica does not know.
absl::Status AskCatalog(const SalesParts& parts, const PurchaseCall& call) {
  const v1::Transaction& header = call.request().transaction();
  CLUSTR_RETURN_IF_ERROR(parts.client->CatchUp(call.deadline()));
  if (header.time_id() == 0 && !header.purchase_date().empty() && !call.request().validate_only()) {
    return parts.client->EnsureTimeframe(header.purchase_date(), call.deadline());
  }
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* TransactionServiceImpl::RecordPurchase(
    grpc::CallbackServerContext* context, const v1::RecordPurchaseRequest* request,
    v1::RecordPurchaseResponse* response) {
  auto* call = new PurchaseCall(context, request, response);
  if (absl::Status valid = call->Validate(CheckPurchase); !valid.ok()) {
    call->Reply(valid);
    return call;
  }
  const auto write = [this, call] {
    rpc::SubmitWrite(
        call, *parts_.store,
        [this](storage::WriteContext& write_context, const v1::RecordPurchaseRequest& asked,
               v1::RecordPurchaseResponse* answer) {
          return parts_.purchases->Write(write_context, asked, answer);
        });
  };
  parts_.gate->Wait({.catalog = request->min_catalog_revision()}, call->deadline(),
                    [this, call, write](const absl::Status& visible) {
                      if (!visible.ok()) return call->Reply(visible);
                      if (KnowsReferences(*parts_.replica, call->request())) return write();
                      parts_.catalog_pool->Run([this, call, write] {
                        if (absl::Status asked = AskCatalog(parts_, *call); !asked.ok())
                          return call->Reply(asked);
                        write();
                      });
                    });
  return call;
}

grpc::ServerUnaryReactor* TransactionServiceImpl::GetTransaction(
    grpc::CallbackServerContext* context, const v1::GetTransactionRequest* request,
    v1::GetTransactionResponse* response) {
  return rpc::ReadCall(
      context, request, response, *parts_.pool,
      [this](const v1::GetTransactionRequest& asked, v1::GetTransactionResponse* answer) {
        return parts_.store->Read([&](storage::Session& session) {
          const int64_t id = asked.transaction_id();
          if (!parts_.transactions->table().Get(session, id, answer->mutable_transaction())) {
            return parts_.transactions->NotFound({id});
          }
          if (asked.include_sales()) {
            parts_.sales->table().ScanCluster(session, id, [&] { return answer->add_sales(); });
          }
          return absl::OkStatus();
        });
      });
}

}  // namespace clustr::sales
