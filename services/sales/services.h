#ifndef CLUSTR_SERVICES_SALES_SERVICES_H_
#define CLUSTR_SERVICES_SALES_SERVICES_H_

#include <memory>

#include "clustr/sales/v1/analytics_service.grpc.pb.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/streaming/change_feed.h"
#include "services/sales/parts.h"
#include "services/sales/write/import_preparation.h"

// The gRPC services of sales. Thread-safe; they borrow what they are given.
namespace clustr::sales {

class TransactionServiceImpl final
    : public v1::TransactionService::WithRawCallbackMethod_ImportTransactions<
          v1::TransactionService::CallbackService> {
 public:
  explicit TransactionServiceImpl(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* RecordPurchase(grpc::CallbackServerContext* context,
                                           const v1::RecordPurchaseRequest* request,
                                           v1::RecordPurchaseResponse* response) override;
  grpc::ServerUnaryReactor* CreateTransaction(grpc::CallbackServerContext* context,
                                              const v1::CreateTransactionRequest* request,
                                              v1::CreateTransactionResponse* response) override;
  grpc::ServerUnaryReactor* GetTransaction(grpc::CallbackServerContext* context,
                                           const v1::GetTransactionRequest* request,
                                           v1::GetTransactionResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetTransactions(
      grpc::CallbackServerContext* context, const v1::BatchGetTransactionsRequest* request,
      v1::BatchGetTransactionsResponse* response) override {
    return parts_.transactions->BatchGet(context, request, response);
  }
  grpc::ServerUnaryReactor* ListTransactions(grpc::CallbackServerContext* context,
                                             const v1::ListTransactionsRequest* request,
                                             v1::ListTransactionsResponse* response) override {
    return parts_.transactions->List(context, request, response);
  }
  grpc::ServerUnaryReactor* UpdateTransaction(grpc::CallbackServerContext* context,
                                              const v1::UpdateTransactionRequest* request,
                                              v1::UpdateTransactionResponse* response) override;
  grpc::ServerUnaryReactor* DeleteTransaction(grpc::CallbackServerContext* context,
                                              const v1::DeleteTransactionRequest* request,
                                              v1::DeleteTransactionResponse* response) override {
    return parts_.transactions->Delete(context, request, response);
  }
  grpc::ServerReadReactor<grpc::ByteBuffer>* ImportTransactions(
      grpc::CallbackServerContext* context, grpc::ByteBuffer* response) override {
    return parts_.transactions
        ->Import<v1::ImportTransactionsRequest, v1::ImportTransactionsResponse>(
            context, response,
            std::make_unique<TransactionImportPreparation>(
                parts_.replica, parts_.client, &parts_.sales->table(), rpc::DeadlineOf(*context),
                rpc::TraceOf(*context)));
  }
  grpc::ServerWriteReactor<v1::ExportTransactionsResponse>* ExportTransactions(
      grpc::CallbackServerContext* context, const v1::ExportTransactionsRequest* request) override {
    return parts_.transactions
        ->Export<v1::ExportTransactionsRequest, v1::ExportTransactionsResponse>(context, request);
  }

 private:
  const Parts parts_;
};

class SaleServiceImpl final
    : public v1::SaleService::WithRawCallbackMethod_ImportSales<v1::SaleService::CallbackService> {
 public:
  explicit SaleServiceImpl(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* CreateSale(grpc::CallbackServerContext* context,
                                       const v1::CreateSaleRequest* request,
                                       v1::CreateSaleResponse* response) override;
  grpc::ServerUnaryReactor* GetSale(grpc::CallbackServerContext* context,
                                    const v1::GetSaleRequest* request,
                                    v1::GetSaleResponse* response) override {
    return parts_.sales->Get(context, request, response);
  }
  grpc::ServerUnaryReactor* BatchGetSales(grpc::CallbackServerContext* context,
                                          const v1::BatchGetSalesRequest* request,
                                          v1::BatchGetSalesResponse* response) override {
    return parts_.sales->BatchGet(context, request, response);
  }
  grpc::ServerUnaryReactor* ListSales(grpc::CallbackServerContext* context,
                                      const v1::ListSalesRequest* request,
                                      v1::ListSalesResponse* response) override {
    return parts_.sales->List(context, request, response);
  }
  grpc::ServerUnaryReactor* UpdateSale(grpc::CallbackServerContext* context,
                                       const v1::UpdateSaleRequest* request,
                                       v1::UpdateSaleResponse* response) override;
  grpc::ServerUnaryReactor* DeleteSale(grpc::CallbackServerContext* context,
                                       const v1::DeleteSaleRequest* request,
                                       v1::DeleteSaleResponse* response) override {
    return parts_.sales->Delete(context, request, response);
  }
  grpc::ServerUnaryReactor* ReturnSale(grpc::CallbackServerContext* context,
                                       const v1::ReturnSaleRequest* request,
                                       v1::ReturnSaleResponse* response) override;
  grpc::ServerReadReactor<grpc::ByteBuffer>* ImportSales(grpc::CallbackServerContext* context,
                                                         grpc::ByteBuffer* response) override {
    return parts_.sales->Import<v1::ImportSalesRequest, v1::ImportSalesResponse>(
        context, response,
        std::make_unique<SaleImportPreparation>(parts_.replica, parts_.client,
                                                rpc::DeadlineOf(*context), rpc::TraceOf(*context)));
  }
  grpc::ServerWriteReactor<v1::ExportSalesResponse>* ExportSales(
      grpc::CallbackServerContext* context, const v1::ExportSalesRequest* request) override {
    return parts_.sales->Export<v1::ExportSalesRequest, v1::ExportSalesResponse>(context, request);
  }

 private:
  const Parts parts_;
};

class AnalyticsServiceImpl final : public v1::AnalyticsService::CallbackService {
 public:
  explicit AnalyticsServiceImpl(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* ListTopProducts(grpc::CallbackServerContext* context,
                                            const v1::ListTopProductsRequest* request,
                                            v1::ListTopProductsResponse* response) override;
  grpc::ServerUnaryReactor* QueryRevenue(grpc::CallbackServerContext* context,
                                         const v1::QueryRevenueRequest* request,
                                         v1::QueryRevenueResponse* response) override;
  grpc::ServerUnaryReactor* GetSalesSummary(grpc::CallbackServerContext* context,
                                            const v1::GetSalesSummaryRequest* request,
                                            v1::GetSalesSummaryResponse* response) override;
  grpc::ServerUnaryReactor* VerifySalesFigures(grpc::CallbackServerContext* context,
                                               const v1::VerifySalesFiguresRequest* request,
                                               v1::VerifySalesFiguresResponse* response) override;

 private:
  const Parts parts_;
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
