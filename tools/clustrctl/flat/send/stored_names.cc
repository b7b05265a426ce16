#include "tools/clustrctl/flat/send/stored_names.h"

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/send/parallel_calls.h"

namespace clustr::ctl {

using catalog::v1::CustomerService;
using catalog::v1::GetCustomerRequest;
using catalog::v1::GetCustomerResponse;
using catalog::v1::GetProductRequest;
using catalog::v1::GetProductResponse;
using catalog::v1::ProductService;

namespace {

constexpr int kMaxAsked = 100;

}  // namespace

bool StoredNames::MayAsk() {
  absl::MutexLock lock(&mutex_);
  return ++asked_ <= kMaxAsked;
}

std::string StoredNames::Product(int64_t product_sku) {
  for (uint32_t i = 0; i < book_.products.size(); ++i) {
    if (book_.products[i].sku == product_sku) {
      return absl::StrCat("product ", book_.product_codes.text(i));
    }
  }
  if (MayAsk()) {
    const auto stub = ProductService::NewStub(context_.catalog.channel);
    GetProductRequest request;
    GetProductResponse response;
    request.set_product_sku(product_sku);
    const grpc::Status status = CallAgain(*stub, &ProductService::Stub::GetProduct,
                                          context_.timeout_seconds, request, &response);
    if (status.ok() && !response.product().external_id().empty()) {
      return absl::StrCat("product ", response.product().external_id());
    }
  }
  return absl::StrCat("product_sku ", product_sku);
}

std::string StoredNames::Customer(int64_t customer_id) {
  for (uint32_t i = 0; i < book_.customers.size(); ++i) {
    if (book_.customers[i].customer_id == customer_id) {
      return absl::StrCat("the customer ", Quoted(book_.customer_codes.text(i)));
    }
  }
  if (MayAsk()) {
    const auto stub = CustomerService::NewStub(context_.catalog.channel);
    GetCustomerRequest request;
    GetCustomerResponse response;
    request.set_customer_id(customer_id);
    const grpc::Status status = CallAgain(*stub, &CustomerService::Stub::GetCustomer,
                                          context_.timeout_seconds, request, &response);
    if (status.ok() && !response.customer().external_id().empty()) {
      return absl::StrCat("the customer ", Quoted(response.customer().external_id()));
    }
  }
  return absl::StrCat("customer_id ", customer_id);
}

}  // namespace clustr::ctl
