#include "common/rpc/call.h"

#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

TEST(MethodOfTest, IsThePathOfTheCall) {
  EXPECT_EQ(MethodOf<catalog::v1::GetProductRequest>().path,
            "/clustr.catalog.v1.ProductService/GetProduct");
  EXPECT_EQ(MethodOf<ops::v1::GetStatusRequest>().path, "/clustr.ops.v1.AdminService/GetStatus");
}

TEST(MethodOfTest, AMessageThatNoMethodTakesHasItsOwnName) {
  EXPECT_EQ(MethodOf<catalog::v1::Product>().path, "clustr.catalog.v1.Product");
}

}  // namespace
}  // namespace clustr::rpc
