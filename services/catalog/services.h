#ifndef CLUSTR_SERVICES_CATALOG_SERVICES_H_
#define CLUSTR_SERVICES_CATALOG_SERVICES_H_

#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/catalog/v1/timeframe_service.grpc.pb.h"
#include "common/resource/resource.h"
#include "common/streaming/change_feed.h"
#include "services/catalog/compare_history.h"
#include "services/catalog/erase_customer.h"

// The gRPC services of catalog. Each method forwards to the resource of its model. Thread-safe;
// they borrow what they are given.
namespace clustr::catalog {

class ProductServiceImpl final : public v1::ProductService::WithRawCallbackMethod_ImportProducts<
                                     v1::ProductService::CallbackService> {
 public:
  explicit ProductServiceImpl(resource::Resource<v1::Product>* rows) : rows_(*rows) {}

  grpc::ServerUnaryReactor* CreateProduct(grpc::CallbackServerContext* context,
                                          const v1::CreateProductRequest* request,
                                          v1::CreateProductResponse* response) override {
    return rows_.Create(context, request, response);
  }
  grpc::ServerUnaryReactor* GetProduct(grpc::CallbackServerContext* context,
                                       const v1::GetProductRequest* request,
                                       v1::GetProductResponse* response) override {
    return rows_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* BatchGetProducts(grpc::CallbackServerContext* context,
                                             const v1::BatchGetProductsRequest* request,
                                             v1::BatchGetProductsResponse* response) override {
    return rows_.BatchGet(context, request, response);
  }
  grpc::ServerUnaryReactor* ListProducts(grpc::CallbackServerContext* context,
                                         const v1::ListProductsRequest* request,
                                         v1::ListProductsResponse* response) override {
    return rows_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* UpdateProduct(grpc::CallbackServerContext* context,
                                          const v1::UpdateProductRequest* request,
                                          v1::UpdateProductResponse* response) override {
    return rows_.Update(context, request, response);
  }
  grpc::ServerUnaryReactor* DeleteProduct(grpc::CallbackServerContext* context,
                                          const v1::DeleteProductRequest* request,
                                          v1::DeleteProductResponse* response) override {
    return rows_.Delete(context, request, response);
  }
  grpc::ServerReadReactor<grpc::ByteBuffer>* ImportProducts(grpc::CallbackServerContext* context,
                                                            grpc::ByteBuffer* response) override {
    return rows_.Import<v1::ImportProductsRequest, v1::ImportProductsResponse>(context, response);
  }
  grpc::ServerWriteReactor<v1::ExportProductsResponse>* ExportProducts(
      grpc::CallbackServerContext* context, const v1::ExportProductsRequest* request) override {
    return rows_.Export<v1::ExportProductsRequest, v1::ExportProductsResponse>(context, request);
  }

 private:
  resource::Resource<v1::Product>& rows_;
};

class CustomerServiceImpl final : public v1::CustomerService::WithRawCallbackMethod_ImportCustomers<
                                      v1::CustomerService::CallbackService> {
 public:
  CustomerServiceImpl(resource::Resource<v1::Customer>* rows, CustomerErasure* erasure)
      : rows_(*rows), erasure_(*erasure) {}

  grpc::ServerUnaryReactor* CreateCustomer(grpc::CallbackServerContext* context,
                                           const v1::CreateCustomerRequest* request,
                                           v1::CreateCustomerResponse* response) override {
    return rows_.Create(context, request, response);
  }
  grpc::ServerUnaryReactor* GetCustomer(grpc::CallbackServerContext* context,
                                        const v1::GetCustomerRequest* request,
                                        v1::GetCustomerResponse* response) override {
    return rows_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* BatchGetCustomers(grpc::CallbackServerContext* context,
                                              const v1::BatchGetCustomersRequest* request,
                                              v1::BatchGetCustomersResponse* response) override {
    return rows_.BatchGet(context, request, response);
  }
  grpc::ServerUnaryReactor* ListCustomers(grpc::CallbackServerContext* context,
                                          const v1::ListCustomersRequest* request,
                                          v1::ListCustomersResponse* response) override {
    return rows_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* UpdateCustomer(grpc::CallbackServerContext* context,
                                           const v1::UpdateCustomerRequest* request,
                                           v1::UpdateCustomerResponse* response) override {
    return rows_.Update(context, request, response);
  }
  grpc::ServerUnaryReactor* DeleteCustomer(grpc::CallbackServerContext* context,
                                           const v1::DeleteCustomerRequest* request,
                                           v1::DeleteCustomerResponse* response) override {
    return rows_.Delete(context, request, response);
  }
  grpc::ServerUnaryReactor* EraseCustomer(grpc::CallbackServerContext* context,
                                          const v1::EraseCustomerRequest* request,
                                          v1::EraseCustomerResponse* response) override {
    return erasure_.Erase(context, request, response);
  }
  grpc::ServerReadReactor<grpc::ByteBuffer>* ImportCustomers(grpc::CallbackServerContext* context,
                                                             grpc::ByteBuffer* response) override {
    return rows_.Import<v1::ImportCustomersRequest, v1::ImportCustomersResponse>(context, response);
  }
  grpc::ServerWriteReactor<v1::ExportCustomersResponse>* ExportCustomers(
      grpc::CallbackServerContext* context, const v1::ExportCustomersRequest* request) override {
    return rows_.Export<v1::ExportCustomersRequest, v1::ExportCustomersResponse>(context, request);
  }

 private:
  resource::Resource<v1::Customer>& rows_;
  CustomerErasure& erasure_;
};

class TimeframeServiceImpl final
    : public v1::TimeframeService::WithRawCallbackMethod_ImportTimeframes<
          v1::TimeframeService::CallbackService> {
 public:
  explicit TimeframeServiceImpl(resource::Resource<v1::Timeframe>* rows) : rows_(*rows) {}

  grpc::ServerUnaryReactor* CreateTimeframe(grpc::CallbackServerContext* context,
                                            const v1::CreateTimeframeRequest* request,
                                            v1::CreateTimeframeResponse* response) override {
    return rows_.Create(context, request, response);
  }
  grpc::ServerUnaryReactor* GetTimeframe(grpc::CallbackServerContext* context,
                                         const v1::GetTimeframeRequest* request,
                                         v1::GetTimeframeResponse* response) override {
    return rows_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* BatchGetTimeframes(grpc::CallbackServerContext* context,
                                               const v1::BatchGetTimeframesRequest* request,
                                               v1::BatchGetTimeframesResponse* response) override {
    return rows_.BatchGet(context, request, response);
  }
  grpc::ServerUnaryReactor* ListTimeframes(grpc::CallbackServerContext* context,
                                           const v1::ListTimeframesRequest* request,
                                           v1::ListTimeframesResponse* response) override {
    return rows_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* UpdateTimeframe(grpc::CallbackServerContext* context,
                                            const v1::UpdateTimeframeRequest* request,
                                            v1::UpdateTimeframeResponse* response) override {
    return rows_.Update(context, request, response);
  }
  grpc::ServerUnaryReactor* DeleteTimeframe(grpc::CallbackServerContext* context,
                                            const v1::DeleteTimeframeRequest* request,
                                            v1::DeleteTimeframeResponse* response) override {
    return rows_.Delete(context, request, response);
  }
  grpc::ServerReadReactor<grpc::ByteBuffer>* ImportTimeframes(grpc::CallbackServerContext* context,
                                                              grpc::ByteBuffer* response) override {
    return rows_.Import<v1::ImportTimeframesRequest, v1::ImportTimeframesResponse>(context,
                                                                                   response);
  }
  grpc::ServerWriteReactor<v1::ExportTimeframesResponse>* ExportTimeframes(
      grpc::CallbackServerContext* context, const v1::ExportTimeframesRequest* request) override {
    return rows_.Export<v1::ExportTimeframesRequest, v1::ExportTimeframesResponse>(context,
                                                                                   request);
  }

 private:
  resource::Resource<v1::Timeframe>& rows_;
};

using CatalogFeed = streaming::ChangeFeed<v1::StreamCatalogRequest, v1::StreamCatalogResponse>;

class CatalogStreamServiceImpl final : public v1::CatalogStreamService::CallbackService {
 public:
  CatalogStreamServiceImpl(CatalogFeed* feed, storage::Store* store, CallSlots* writes)
      : feed_(*feed), store_(*store), writes_(*writes) {}

  grpc::ServerWriteReactor<v1::StreamCatalogResponse>* StreamCatalog(
      grpc::CallbackServerContext* context, const v1::StreamCatalogRequest* request) override {
    return feed_.Open(context, request);
  }

  grpc::ServerUnaryReactor* CompareHistory(grpc::CallbackServerContext* context,
                                           const v1::CompareHistoryRequest* request,
                                           v1::CompareHistoryResponse* response) override {
    return rpc::WriteCall(context, request, response, store_, writes_,
                          [this](storage::WriteContext& write, const auto& asked, auto* answer) {
                            return AnswerCompareHistory(store_, write, asked, answer);
                          });
  }

 private:
  CatalogFeed& feed_;
  storage::Store& store_;
  CallSlots& writes_;
};

}  // namespace clustr::catalog

#endif  // CLUSTR_SERVICES_CATALOG_SERVICES_H_
