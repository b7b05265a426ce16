#include "common/rpc/records/audit_log.h"

#include <fstream>
#include <sstream>

#include "clustr/catalog/v1/customer_service.pb.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "common/rpc/records/touched.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/temp_folder.h"

namespace clustr::rpc {
namespace {

using ::testing::HasSubstr;

TEST(TouchedByTest, NamesTheRowsTheRevisionAndTheRequestId) {
  catalog::v1::CreateProductRequest request;
  request.set_request_id("r\"1");
  request.set_validate_only(true);
  catalog::v1::CreateProductResponse response;
  response.mutable_product()->set_product_sku(7);
  response.mutable_product()->set_revision(9);
  EXPECT_EQ(TouchedBy(&request, &response),
            ",\"request_id\":\"r\\\"1\",\"validate_only\":true,\"ids\":{\"product_sku\":[7]},"
            "\"revision\":9");
}

TEST(TouchedByTest, NamesWhatARequestNamesByIdAndNothingPersonal) {
  catalog::v1::DeleteCustomerRequest request;
  request.set_customer_id(5);
  request.set_external_id("secret");
  request.set_revision(3);  // What the caller knows, not what was written.
  EXPECT_EQ(TouchedBy(&request, nullptr), ",\"ids\":{\"customer_id\":[5]}");
  catalog::v1::UpdateCustomerRequest update;
  update.mutable_customer()->set_customer_id(6);
  update.mutable_customer()->set_email("secret");
  EXPECT_EQ(TouchedBy(&update, nullptr), ",\"ids\":{\"customer_id\":[6]}");
}

TEST(TouchedByTest, NamesTheFirstTwentyOfManyRows) {
  sales::v1::RecordPurchaseResponse response;
  response.mutable_transaction()->set_transaction_id(1);
  for (int i = 1; i <= 30; ++i) response.add_sales()->set_sale_id(i);
  response.set_revision(4);
  EXPECT_EQ(TouchedBy(nullptr, &response),
            ",\"ids\":{\"sale_id\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],"
            "\"transaction_id\":[1]},\"revision\":4");
}

TEST(TouchedByTest, IsEmptyForNothing) { EXPECT_EQ(TouchedBy(nullptr, nullptr), ""); }

TEST(AuditLogTest, AppendsToItsFile) {
  const testing::TempFolder folder;
  const std::string path = folder.File("audit");
  for (const char* code : {"OK", "PERMISSION_DENIED"}) {
    const auto audit = AuditLog::Open(path);
    ASSERT_TRUE(audit.ok()) << audit.status();
    (*audit)->Write({.method = "/a/B", .code = code, .principal = "cn:x"}, "", nullptr, nullptr);
  }
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("\"event\":\"audit\",\"method\":\"/a/B\",\"code\":\"OK\","
                                    "\"principal\":\"cn:x\"}\n{"));
  EXPECT_THAT(text.str(), HasSubstr("\"code\":\"PERMISSION_DENIED\""));
}

TEST(AuditLogTest, SaysThatAFileCannotBeWritten) {
  const auto audit = AuditLog::Open("/no/such/folder/audit");
  EXPECT_THAT(std::string(audit.status().message()),
              HasSubstr("--audit-log=/no/such/folder/audit"));
}

}  // namespace
}  // namespace clustr::rpc
