#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::Customers;
using testing::Fails;
using testing::IsOk;
using testing::Products;

constexpr char kCap[] = "product { product_name: 'Cap' price: 5 } request_id: 'once'";

class RetryTest : public ::testing::Test {
 protected:
  int64_t Rows() { return catalog_.Ask(&Products::ListProducts, "")->total_size(); }

  testing::CatalogServer catalog_;
};

TEST_F(RetryTest, TheFirstAnswerComesBack) {
  const auto first = catalog_.Ask(&Products::CreateProduct, kCap);
  ASSERT_THAT(first, IsOk());
  EXPECT_FALSE(first->replayed());
  EXPECT_THAT(catalog_.Ask(&Products::UpdateProduct, "product { product_sku: 1 price: 9 }"),
              IsOk());
  const auto second = catalog_.Ask(&Products::CreateProduct, kCap);
  ASSERT_THAT(second, IsOk());
  EXPECT_TRUE(second->replayed());
  EXPECT_THAT(second->product(), testing::EqualsMessage(first->product()));
  EXPECT_EQ(Rows(), 1);
}

TEST_F(RetryTest, TheFirstAnswerComesBackAfterARestart) {
  EXPECT_THAT(catalog_.Ask(&Products::CreateProduct, kCap), IsOk());
  catalog_.server().Restart();
  EXPECT_TRUE(catalog_.Ask(&Products::CreateProduct, kCap)->replayed());
  EXPECT_EQ(Rows(), 1);
}

TEST_F(RetryTest, AnotherPayloadIsRefused) {
  EXPECT_THAT(catalog_.Ask(&Products::CreateProduct, kCap), IsOk());
  EXPECT_THAT(
      catalog_.Ask(&Products::CreateProduct,
                   "product { product_name: 'Hat' price: 5 } request_id: 'once'"),
      Fails(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED", "request_id: \"once\""));
}

TEST_F(RetryTest, AnotherMethodOrServiceIsAnotherRequest) {
  EXPECT_THAT(catalog_.Ask(&Products::CreateProduct, kCap), IsOk());
  EXPECT_THAT(catalog_.Ask(&Products::UpdateProduct,
                           "product { product_sku: 1 price: 6 } request_id: 'once'"),
              IsOk());
  EXPECT_THAT(catalog_.Ask(&Customers::CreateCustomer,
                           "customer { first_name: 'A' last_name: 'B' } request_id: 'once'"),
              IsOk());
}

TEST_F(RetryTest, AFailedCallIsNotRemembered) {
  const std::string update = "product { product_sku: 1 price: 6 } request_id: 'later'";
  EXPECT_THAT(catalog_.Ask(&Products::UpdateProduct, update),
              Fails(absl::StatusCode::kNotFound, "PRODUCT_NOT_FOUND", ""));
  EXPECT_THAT(catalog_.Ask(&Products::CreateProduct, kCap), IsOk());
  const auto updated = catalog_.Ask(&Products::UpdateProduct, update);
  ASSERT_THAT(updated, IsOk());
  EXPECT_FALSE(updated->replayed());
}

TEST_F(RetryTest, ValidateOnlyIsNotRemembered) {
  EXPECT_THAT(catalog_.Ask(&Products::CreateProduct, std::string(kCap) + " validate_only: true"),
              IsOk());
  EXPECT_FALSE(catalog_.Ask(&Products::CreateProduct, kCap)->replayed());
}

TEST_F(RetryTest, DuplicatesAtTheSameTimeHaveOneEffect) {
  std::vector<std::thread> threads;
  std::atomic<int> replayed{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto created = catalog_.Ask(&Products::CreateProduct, kCap);
      ASSERT_THAT(created, IsOk());
      EXPECT_EQ(created->product().product_sku(), 1);
      if (created->replayed()) ++replayed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(replayed, 7);
  EXPECT_EQ(Rows(), 1);
}

}  // namespace
}  // namespace clustr::catalog
