#include "services/sales/catalog_write.h"
#include "services/sales/services.h"

namespace clustr::sales {

grpc::ServerUnaryReactor* TransactionServiceImpl::RecordPurchase(
    grpc::CallbackServerContext* context, const v1::RecordPurchaseRequest* request,
    v1::RecordPurchaseResponse* response) {
  return CatalogWriteCall(
      parts_, context, request, response, CheckPurchase,
      [this](storage::WriteContext& write, const auto& asked, WriteFacts facts, auto* answer) {
        return parts_.purchases->Write(write, asked, facts, answer);
      });
}

grpc::ServerUnaryReactor* TransactionServiceImpl::CreateTransaction(
    grpc::CallbackServerContext* context, const v1::CreateTransactionRequest* request,
    v1::CreateTransactionResponse* response) {
  return CatalogWriteCall(
      parts_, context, request, response,
      [this](const auto& asked, auto* violations) {
        parts_.transactions->CheckCreate(asked, violations);
      },
      [this](storage::WriteContext& write, const auto& asked, WriteFacts facts, auto* answer) {
        TransactionRules rules(parts_.replica, &parts_.sales->table(), facts);
        return parts_.transactions->CreateRow(write, &rules, asked, answer);
      });
}

grpc::ServerUnaryReactor* TransactionServiceImpl::UpdateTransaction(
    grpc::CallbackServerContext* context, const v1::UpdateTransactionRequest* request,
    v1::UpdateTransactionResponse* response) {
  return CatalogWriteCall(
      parts_, context, request, response,
      [this](const auto& asked, auto* violations) {
        parts_.transactions->CheckUpdate(asked, violations);
      },
      [this](storage::WriteContext& write, const auto& asked, WriteFacts facts, auto* answer) {
        TransactionRules rules(parts_.replica, &parts_.sales->table(), facts);
        return parts_.transactions->UpdateRow(write, &rules, asked, answer);
      });
}

grpc::ServerUnaryReactor* TransactionServiceImpl::GetTransaction(
    grpc::CallbackServerContext* context, const v1::GetTransactionRequest* request,
    v1::GetTransactionResponse* response) {
  return rpc::ReadCall(
      context, request, response, parts_.calls->reads,
      [this](const v1::GetTransactionRequest& asked, v1::GetTransactionResponse* answer) {
        return parts_.store->Read([&](storage::Session& session) {
          const int64_t id = parts_.transactions->RowNamedBy(session, asked);
          if (!parts_.transactions->table().Get(session, id, answer->mutable_transaction())) {
            return parts_.transactions->NotFound(asked);
          }
          if (asked.include_sales()) {
            parts_.sales->table().ScanCluster(session, id, [&] { return answer->add_sales(); });
          }
          FillKeys(*parts_.transaction_keys, *parts_.sale_keys, session, answer);
          return absl::OkStatus();
        });
      });
}

}  // namespace clustr::sales
