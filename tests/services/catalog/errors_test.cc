#include <chrono>

#include "common/storage/session.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "soci/sqlite3/soci-sqlite3.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::Customers;
using testing::Products;

class ErrorsTest : public ::testing::Test {
 protected:
  testing::CatalogServer catalog_;
};

// gRPC 1.51 loses trailing metadata of 8 KiB or more, and it sends each byte of a message that is
// not ASCII as 3 bytes.
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
  EXPECT_EQ(ReasonName(ReasonOf(refused.status())), "FIELD_INVALID");
  EXPECT_GE(testing::ViolatedFields(refused.status()).size(), 3);
  EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr(" more"));
}

// Another session locks the database, so the call waits until its deadline has passed.
TEST_F(ErrorsTest, ACallWhoseDeadlinePassedIsNotCarriedOut) {
  storage::Session other;
  other.sql().open(soci::sqlite3, "db=" + catalog_.folder().File("catalog.db"));
  other.Run("BEGIN IMMEDIATE");
  const auto request =
      testing::Text<v1::CreateProductRequest>("product { product_name: 'Cap' price: 1 }");
  const auto stub = v1::ProductService::NewStub(catalog_.server().channel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
  v1::CreateProductResponse response;
  EXPECT_EQ(stub->CreateProduct(&context, request, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  other.Run("COMMIT");
  const auto created = catalog_.Ask(&Products::CreateProduct, request.DebugString());
  ASSERT_THAT(created, testing::IsOk());
  EXPECT_EQ(created->product().product_sku(), 1);
}

}  // namespace
}  // namespace clustr::catalog
