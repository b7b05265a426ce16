#include "tools/clustrctl/flat/send/catalog_import.h"

#include <algorithm>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/catalog/v1/timeframe_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/schema/date.h"
#include "common/schema/money.h"
#include "tools/clustrctl/flat/send/row_streams.h"

namespace clustr::ctl {

using catalog::v1::Customer;
using catalog::v1::CustomerService;
using catalog::v1::Product;
using catalog::v1::ProductService;
using catalog::v1::Timeframe;
using catalog::v1::TimeframeService;
using common::v1::ImportSummary;

namespace {

constexpr char kWithCode[] = "external_id:*";

// Sets the problem of each entry that catalog refused; numbers[i] is the entry of row i + 1.
template <class Entry>
void SetProblems(const ImportSummary& summary, const std::vector<uint32_t>& numbers,
                 std::vector<Entry>* entries) {
  for (const auto& error : summary.errors()) {
    std::string& problem = (*entries)[numbers[error.row() - 1]].problem;
    for (const auto& violation : error.violations()) {
      absl::StrAppend(&problem, problem.empty() ? "" : "; ", violation.field(), ": ",
                      violation.description());
    }
  }
}

}  // namespace

absl::Status CatalogImport::Learn() {
  const auto nobody = [](const FlatOrder& order) {
    return !order.lines.empty() && order.customer == CodeBook::kNone;
  };
  if (std::any_of(book_.orders.begin(), book_.orders.end(), nobody)) {
    book_.guest = book_.customer_codes.Add(guest_, &book_.notes);
    book_.customers.resize(book_.customer_codes.size());
    for (FlatOrder& order : book_.orders) {
      if (!nobody(order)) continue;
      order.customer = book_.guest;
      uint32_t& first_row = book_.customers[book_.guest].first_row;
      if (first_row == 0) first_row = order.lines.front().row;
    }
  }
  CLUSTR_RETURN_IF_ERROR(LearnProducts());
  return LearnCustomers();
}

absl::Status CatalogImport::Run() {
  CLUSTR_RETURN_IF_ERROR(Learn());
  CLUSTR_RETURN_IF_ERROR(ImportProducts());
  CLUSTR_RETURN_IF_ERROR(ImportCustomers());
  CLUSTR_RETURN_IF_ERROR(ImportTimeframes());
  if (products_.created_count() > 0) CLUSTR_RETURN_IF_ERROR(LearnProducts());
  if (customers_.created_count() > 0) CLUSTR_RETURN_IF_ERROR(LearnCustomers());
  return absl::OkStatus();
}

int64_t CatalogImport::revision() const {
  return std::max({products_.revision(), customers_.revision(), timeframes_.revision()});
}

// Notes new products of the file whose codes differ from stored ones in case only; `stored` are the
// numbers of products in the book with codes that do.
void CatalogImport::CompareCase(const std::vector<std::pair<uint32_t, std::string>>& stored) {
  for (const auto& [number, code] : stored) {
    const FlatProduct& product = book_.products[number];
    if (product.sku != 0 || product.first_row == 0) continue;
    notes_.Add(Note::kCaseOfProduct,
               absl::StrCat(book_.product_codes.text(number), " and the stored ", code));
  }
}

absl::Status CatalogImport::LearnProducts() {
  using catalog::v1::ExportProductsRequest;
  absl::flat_hash_map<std::string, uint32_t> codes;  // Of the book, without regard to case.
  std::vector<std::pair<uint32_t, std::string>> similar;
  for (uint32_t i = 0; i < book_.products.size() && !case_is_compared_; ++i) {
    codes.try_emplace(FoldedCase(book_.product_codes.text(i)), i);
  }
  const auto stub = ProductService::NewStub(context_.catalog.channel);
  CLUSTR_RETURN_IF_ERROR(
      (ForEachRow<Product, ExportProductsRequest, catalog::v1::ExportProductsResponse>(
          context_.catalog, kWithCode,
          [&](auto* rpc, const ExportProductsRequest& in) { return stub->ExportProducts(rpc, in); },
          [&](const Product& row) {
            const uint32_t number = book_.product_codes.Find(row.external_id());
            if (number != CodeBook::kNone) book_.products[number].sku = row.product_sku();
            if (number != CodeBook::kNone || codes.empty()) return;
            const auto other = codes.find(FoldedCase(row.external_id()));
            if (other != codes.end()) similar.emplace_back(other->second, row.external_id());
          })));
  if (!case_is_compared_) CompareCase(similar);
  case_is_compared_ = true;
  return absl::OkStatus();
}

absl::Status CatalogImport::LearnCustomers() {
  using catalog::v1::ExportCustomersRequest;
  const auto stub = CustomerService::NewStub(context_.catalog.channel);
  return ForEachRow<Customer, ExportCustomersRequest, catalog::v1::ExportCustomersResponse>(
      context_.catalog, kWithCode,
      [&](auto* rpc, const ExportCustomersRequest& in) { return stub->ExportCustomers(rpc, in); },
      [&](const Customer& row) {
        const uint32_t number = book_.customer_codes.Find(row.external_id());
        if (number != CodeBook::kNone) book_.customers[number].customer_id = row.customer_id();
      });
}

absl::Status CatalogImport::ImportProducts() {
  std::vector<Product> rows;
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < book_.products.size(); ++i) {
    const FlatProduct& product = book_.products[i];
    if (product.first_row == 0) continue;
    const bool is_new = product.sku == 0;
    Product& row = rows.emplace_back();
    numbers.push_back(i);
    row.set_external_id(book_.product_codes.text(i));
    if (is_new || !product.names.empty()) row.set_product_name(book_.NameOf(i));
    if (is_new || product.price_cents > 0) row.set_price(schema::AmountOf(product.price_cents));
    if (product.category != CodeBook::kNone) {
      row.set_category(book_.categories.text(product.category));
    }
    if (product.brand != CodeBook::kNone) row.set_brand(book_.brands.text(product.brand));
  }
  const auto stub = ProductService::NewStub(context_.catalog.channel);
  catalog::v1::ImportProductsResponse response;
  CLUSTR_RETURN_IF_ERROR(SendRows<catalog::v1::ImportProductsRequest>(
      context_.catalog, [&](auto* rpc, auto* out) { return stub->ImportProducts(rpc, out); }, rows,
      &response));
  products_ = response.summary();
  SetProblems(products_, numbers, &book_.products);
  return absl::OkStatus();
}

absl::Status CatalogImport::ImportCustomers() {
  std::vector<Customer> rows;
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < book_.customers.size(); ++i) {
    const FlatCustomer& customer = book_.customers[i];
    if (customer.first_row == 0) continue;
    Customer& row = rows.emplace_back();
    numbers.push_back(i);
    row.set_external_id(book_.customer_codes.text(i));
    if (customer.customer_id == 0) {
      row.set_first_name(i == book_.guest ? "Guest" : "Customer");
      row.set_last_name(book_.customer_codes.text(i));
    }
    if (i == book_.guest) row.set_guest(true);
    if (customer.city != CodeBook::kNone) row.set_city(book_.cities.text(customer.city));
  }
  const auto stub = CustomerService::NewStub(context_.catalog.channel);
  catalog::v1::ImportCustomersResponse response;
  CLUSTR_RETURN_IF_ERROR(SendRows<catalog::v1::ImportCustomersRequest>(
      context_.catalog, [&](auto* rpc, auto* out) { return stub->ImportCustomers(rpc, out); }, rows,
      &response));
  customers_ = response.summary();
  SetProblems(customers_, numbers, &book_.customers);
  return absl::OkStatus();
}

absl::Status CatalogImport::ImportTimeframes() {
  absl::btree_set<int32_t> days;
  for (const FlatOrder& order : book_.orders) {
    if (!order.lines.empty()) days.insert(order.day);
  }
  std::vector<Timeframe> rows;
  for (const int32_t day : days) rows.emplace_back().set_date(schema::DateText(day));
  const auto stub = TimeframeService::NewStub(context_.catalog.channel);
  catalog::v1::ImportTimeframesResponse response;
  CLUSTR_RETURN_IF_ERROR(SendRows<catalog::v1::ImportTimeframesRequest>(
      context_.catalog, [&](auto* rpc, auto* out) { return stub->ImportTimeframes(rpc, out); },
      rows, &response));
  timeframes_ = response.summary();
  return absl::OkStatus();
}

}  // namespace clustr::ctl
