#ifndef CLUSTR_SERVICES_SALES_SERVICES_H_
#define CLUSTR_SERVICES_SALES_SERVICES_H_

#include <memory>

#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/resource/resource.h"
#include "common/streaming/change_feed.h"
#include "services/sales/import_rules.h"
#include "services/sales/purchase.h"

// The gRPC services of sales. Thread-safe; borrow what they are given.
namespace clustr::sales {

// What the handlers of sales work on.
struct SalesParts {
  storage::Store* store;
  ThreadPool* pool;          // Reads.
  ThreadPool* catalog_pool;  // What may wait for catalog.
  const CatalogReplica* replica;
  CatalogClient* client;
  rpc::RevisionGate* gate;
  TransactionRules* transaction_rules;
  SaleRules* sale_rules;
  resource::Resource<v1::Transaction>* transactions;
  resource::Resource<v1::Sale>* sales;
  PurchaseWriter* purchases;
};

class TransactionServiceImpl final : public v1::TransactionService::CallbackService {
 public:
  explicit TransactionServiceImpl(const SalesParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* RecordPurchase(grpc::CallbackServerContext* context,
                                           const v1::RecordPurchaseRequest* request,
                                           v1::RecordPurchaseResponse* response) override;
  grpc::ServerUnaryReactor* GetTransaction(grpc::CallbackServerContext* context,
                                           const v1::GetTransactionRequest* request,
                                           v1::GetTransactionResponse* response) override;
  grpc::ServerUnaryReactor* ListTransactions(grpc::CallbackServerContext* context,
                                             const v1::ListTransactionsRequest* request,
                                             v1::ListTransactionsResponse* response) override {
    return parts_.transactions->List(context, request, response);
  }
  grpc::ServerReadReactor<v1::ImportTransactionsRequest>* ImportTransactions(
      grpc::CallbackServerContext* context, v1::ImportTransactionsResponse* response) override {
    return parts_.transactions->Import<v1::ImportTransactionsRequest>(
        response,
        std::make_unique<TransactionImportRules>(parts_.replica, parts_.client,
                                                 parts_.transaction_rules,
                                                 absl::FromChrono(context->deadline())),
        parts_.catalog_pool);
  }
  grpc::ServerWriteReactor<v1::ExportTransactionsResponse>* ExportTransactions(
      grpc::CallbackServerContext* context, const v1::ExportTransactionsRequest* request) override {
    return parts_.transactions
        ->Export<v1::ExportTransactionsRequest, v1::ExportTransactionsResponse>(context, request);
  }

 private:
  const SalesParts parts_;
};

class SaleServiceImpl final : public v1::SaleService::CallbackService {
 public:
  explicit SaleServiceImpl(const SalesParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* GetSale(grpc::CallbackServerContext* context,
                                    const v1::GetSaleRequest* request,
                                    v1::GetSaleResponse* response) override {
    return parts_.sales->Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListSales(grpc::CallbackServerContext* context,
                                      const v1::ListSalesRequest* request,
                                      v1::ListSalesResponse* response) override {
    return parts_.sales->List(context, request, response);
  }
  grpc::ServerReadReactor<v1::ImportSalesRequest>* ImportSales(
      grpc::CallbackServerContext* context, v1::ImportSalesResponse* response) override {
    return parts_.sales->Import<v1::ImportSalesRequest>(
        response,
        std::make_unique<SaleImportRules>(parts_.replica, parts_.client, parts_.sale_rules,
                                          absl::FromChrono(context->deadline())),
        parts_.catalog_pool);
  }
  grpc::ServerWriteReactor<v1::ExportSalesResponse>* ExportSales(
      grpc::CallbackServerContext* context, const v1::ExportSalesRequest* request) override {
    return parts_.sales->Export<v1::ExportSalesRequest, v1::ExportSalesResponse>(context, request);
  }

 private:
  const SalesParts parts_;
};

using SalesFeed = streaming::ChangeFeed<v1::StreamSalesRequest, v1::StreamSalesResponse>;

class SalesStreamServiceImpl final : public v1::SalesStreamService::CallbackService {
 public:
  explicit SalesStreamServiceImpl(SalesFeed* feed) : feed_(*feed) {}

  grpc::ServerWriteReactor<v1::StreamSalesResponse>* StreamSales(
      grpc::CallbackServerContext* context, const v1::StreamSalesRequest* request) override {
    return feed_.Open(context, request);
  }

 private:
  SalesFeed& feed_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SERVICES_H_
