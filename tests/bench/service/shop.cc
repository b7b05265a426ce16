#include "tests/bench/service/shop.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "common/rpc/status.h"
#include "tests/bench/service/call.h"

namespace clustr::bench {
namespace {

constexpr std::chrono::seconds kReadTimeout{60};

void SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + kReadTimeout);
}

template <class T>
absl::StatusOr<std::vector<T>> NotEmpty(std::vector<T> values, const std::string& what,
                                        const std::string& address) {
  if (values.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(address, " holds no ", what, "; import a shop first"));
  }
  return values;
}

}  // namespace

absl::StatusOr<std::vector<catalog::v1::Customer>> ReadCustomers(const std::string& catalog) {
  const auto stub = catalog::v1::CustomerService::NewStub(Connect(catalog));
  grpc::ClientContext context;
  SetDeadline(&context);
  const auto reader = stub->ExportCustomers(&context, {});
  std::vector<catalog::v1::Customer> customers;
  catalog::v1::ExportCustomersResponse batch;
  while (reader->Read(&batch)) {
    for (auto& customer : *batch.mutable_customers()) customers.push_back(std::move(customer));
  }
  if (const grpc::Status status = reader->Finish(); !status.ok()) return rpc::FromGrpc(status);
  return NotEmpty(std::move(customers), "customers", catalog);
}

absl::StatusOr<std::vector<int64_t>> ReadProductSkus(const std::string& catalog) {
  const auto stub = catalog::v1::ProductService::NewStub(Connect(catalog));
  grpc::ClientContext context;
  SetDeadline(&context);
  const auto reader = stub->ExportProducts(&context, {});
  std::vector<int64_t> skus;
  catalog::v1::ExportProductsResponse batch;
  while (reader->Read(&batch)) {
    for (const auto& product : batch.products()) skus.push_back(product.product_sku());
  }
  if (const grpc::Status status = reader->Finish(); !status.ok()) return rpc::FromGrpc(status);
  return NotEmpty(std::move(skus), "products", catalog);
}

absl::StatusOr<std::vector<sales::v1::BasketChange>> ReadBaskets(const std::string& sales,
                                                                 size_t count) {
  const auto stub = sales::v1::SalesStreamService::NewStub(Connect(sales));
  grpc::ClientContext context;
  SetDeadline(&context);
  const auto reader = stub->StreamSales(&context, {});
  std::vector<sales::v1::BasketChange> baskets;
  sales::v1::StreamSalesResponse batch;
  while (baskets.size() < count && reader->Read(&batch)) {
    for (auto& basket : *batch.mutable_changes()) baskets.push_back(std::move(basket));
  }
  const bool enough = baskets.size() >= count;
  if (enough) context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (!enough && !status.ok()) return rpc::FromGrpc(status);
  return NotEmpty(std::move(baskets), "purchases", sales);
}

std::vector<Random> RandomOfClients(int clients) {
  std::vector<Random> random;
  for (int client = 0; client < clients; ++client) random.emplace_back(client + 1);
  return random;
}

std::vector<int64_t> DistinctOf(const std::vector<int64_t>& values, size_t count, Random& random) {
  std::vector<int64_t> distinct;
  for (size_t draws = 0; distinct.size() < count && draws < 100 * count; ++draws) {
    const int64_t value = AnyOf(values, random);
    if (std::find(distinct.begin(), distinct.end(), value) == distinct.end()) {
      distinct.push_back(value);
    }
  }
  return distinct;
}

}  // namespace clustr::bench
