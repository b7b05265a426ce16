// A shop's backend: registers a product, records a purchase of it, and asks what to offer with it.
//
//   basket CATALOG SALES BUNDLES CUSTOMER_ID     addresses as HOST:PORT
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "connect.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"

namespace {

// Every call has a deadline; without one, a call to a lost server would never end.
void SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
}

// Prints what was wrong, field by field, and ends the program.
void Expect(const grpc::Status& status) {
  if (status.ok()) return;
  std::cerr << status.error_message() << "\n";
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  for (const auto& any : details.details()) {
    google::rpc::BadRequest bad;
    if (!any.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) {
      std::cerr << "  " << violation.field() << ": " << violation.description() << "\n";
    }
  }
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: basket CATALOG SALES BUNDLES CUSTOMER_ID\n";
    return 2;
  }
  const auto products = clustr::catalog::v1::ProductService::NewStub(Connect(argv[1]));
  const auto transactions = clustr::sales::v1::TransactionService::NewStub(Connect(argv[2]));
  const auto recommendations =
      clustr::bundles::v1::RecommendationService::NewStub(Connect(argv[3]));

  clustr::catalog::v1::CreateProductRequest create;
  create.mutable_product()->set_product_name("Tea cosy");
  create.mutable_product()->set_price(12.5);
  create.mutable_product()->set_in_stock(true);
  clustr::catalog::v1::CreateProductResponse created;
  grpc::ClientContext create_context;
  SetDeadline(&create_context);
  Expect(products->CreateProduct(&create_context, create, &created));

  // A request_id makes the purchase safe to send again after any failure.
  clustr::sales::v1::RecordPurchaseRequest purchase;
  purchase.set_request_id("order-" + std::to_string(created.product().product_sku()));
  purchase.mutable_transaction()->set_customer_id(std::atoll(argv[4]));
  purchase.mutable_transaction()->set_purchase_date("2024-01-02");
  purchase.set_min_catalog_revision(created.product().revision());
  auto* line = purchase.add_sales();
  line->set_product_sku(created.product().product_sku());
  line->set_quantity(2);
  clustr::sales::v1::RecordPurchaseResponse recorded;
  grpc::ClientContext purchase_context;
  SetDeadline(&purchase_context);
  Expect(transactions->RecordPurchase(&purchase_context, purchase, &recorded));
  std::cout << "recorded " << recorded.transaction().transaction_amount() << "\n";

  // The answer includes this purchase, because the request names its revision.
  clustr::bundles::v1::RecommendProductsRequest ask;
  ask.add_basket_skus(created.product().product_sku());
  ask.set_min_sales_revision(recorded.revision());
  clustr::bundles::v1::RecommendProductsResponse answer;
  grpc::ClientContext ask_context;
  SetDeadline(&ask_context);
  Expect(recommendations->RecommendProducts(&ask_context, ask, &answer));
  for (const auto& product : answer.recommendations()) {
    std::cout << product.product_sku() << " " << product.product_name() << " " << product.price()
              << "\n";
  }
}
