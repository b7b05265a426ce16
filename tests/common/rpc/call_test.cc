#include "common/rpc/call.h"

#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

TEST(MethodOfTest, IsThePathOfTheCall) {
  EXPECT_EQ(MethodOf(*catalog::v1::GetProductRequest::descriptor()),
            "/clustr.catalog.v1.ProductService/GetProduct");
  EXPECT_EQ(MethodOf(*ops::v1::GetStatusRequest::descriptor()),
            "/clustr.ops.v1.AdminService/GetStatus");
}

TEST(MethodOfTest, AMessageThatNoMethodTakesHasItsOwnName) {
  EXPECT_EQ(MethodOf(*catalog::v1::Product::descriptor()), "clustr.catalog.v1.Product");
}

TEST(CodeNameTest, IsAsGrpcWritesIt) {
  EXPECT_EQ(CodeName(absl::StatusCode::kOk), "OK");
  EXPECT_EQ(CodeName(absl::StatusCode::kInvalidArgument), "INVALID_ARGUMENT");
}

}  // namespace
}  // namespace clustr::rpc
