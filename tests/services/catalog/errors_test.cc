#include <chrono>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::Customers;

class ErrorsTest : public ::testing::Test {
 protected:
  testing::CatalogServer catalog_;
};

// gRPC 1.51 loses trailing metadata of 8 KiB; a message travels with 3 bytes for each that is not
// ASCII.
TEST_F(ErrorsTest, DetailsReachTheClientHoweverUglyTheInput) {
  std::string cats;
  for (int i = 0; i < 257; ++i) cats += "🐈";
  v1::CreateCustomerRequest request;
  for (int i = 0; i < v1::Customer::descriptor()->field_count(); ++i) {
    const auto* field = v1::Customer::descriptor()->field(i);
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) continue;
    request.mutable_customer()->GetReflection()->SetString(request.mutable_customer(), field, cats);
  }
  const auto refused = catalog_.Ask(&Customers::CreateCustomer, request.DebugString());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorReason(refused.status()), "FIELD_INVALID");
  EXPECT_GE(testing::ViolatedFields(refused.status()).size(), 3);
  EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr(" more"));
}

TEST_F(ErrorsTest, ACallWithoutTimeIsNotCarriedOut) {
  const auto stub = v1::ProductService::NewStub(catalog_.server().channel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now());
  v1::CreateProductResponse response;
  const grpc::Status status = stub->CreateProduct(
      &context, testing::Text<v1::CreateProductRequest>("product { product_name: 'Cap' price: 1 }"),
      &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(catalog_.Head(), 0);
}

}  // namespace
}  // namespace clustr::catalog
