#include "absl/strings/str_cat.h"
#include "tests/services/sales/shop.h"

namespace clustr::sales {
namespace {

using testing::Fails;
using testing::IsOk;
using testing::RefusesFields;
using testing::Sales;

// A transaction 1 of three Caps, 15.00.
class ReturnTest : public ShopTest {
 protected:
  ReturnTest() { Buy("sales { product_sku: 1 quantity: 3 }"); }

  auto Return(int quantity, const std::string& options = "") {
    return sales_.Ask(&Sales::ReturnSale, absl::StrCat("sale_id: 1 quantity: ", quantity, options));
  }
  auto SetQuantity(int quantity) {
    return sales_.Ask(&Sales::UpdateSale,
                      absl::StrCat("sale { sale_id: 1 quantity: ", quantity, " }"));
  }
};

TEST_F(ReturnTest, ReturnedUnitsLeaveTheNetTotal) {
  const auto returned = Return(2);
  ASSERT_THAT(returned, IsOk());
  EXPECT_EQ(returned->sale().returned_quantity(), 2);
  EXPECT_EQ(returned->sale().net_total(), 5);
  EXPECT_EQ(returned->sale().line_total(), 15);
}

TEST_F(ReturnTest, TheHeaderTakesTheRevisionAndKeepsItsTotal) {
  const auto returned = Return(2);
  ASSERT_THAT(returned, IsOk());
  EXPECT_EQ(Stored(1).transaction().revision(), returned->sale().revision());
  EXPECT_EQ(Stored(1).transaction().lines_total(), 15);
}

TEST_F(ReturnTest, ReturnsAddUpToTheQuantityAtMost) {
  EXPECT_THAT(Return(2), IsOk());
  EXPECT_THAT(Return(2), RefusesFields(Fields{"quantity"}));
  EXPECT_EQ(Return(1)->sale().returned_quantity(), 3);
  EXPECT_THAT(Return(1), RefusesFields(Fields{"quantity"}));
  EXPECT_EQ(Stored(1).sales(0).net_total(), 0);
}

TEST_F(ReturnTest, AQuantityBelowTheReturnedQuantityIsRefused) {
  EXPECT_THAT(Return(2), IsOk());
  EXPECT_THAT(SetQuantity(1), RefusesFields(Fields{"sale.quantity"}));
  EXPECT_EQ(SetQuantity(2)->sale().net_total(), 0);
}

TEST_F(ReturnTest, AnUpdateKeepsTheReturnedQuantity) {
  EXPECT_THAT(Return(2), IsOk());
  const auto updated =
      sales_.Ask(&Sales::UpdateSale, "sale { sale_id: 1 unit_price: 4 returned_quantity: 0 }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->sale().returned_quantity(), 2);
  EXPECT_EQ(updated->sale().net_total(), 4);
}

TEST_F(ReturnTest, ARetryReturnsTheUnitsOnce) {
  const std::string once = " request_id: 'once'";
  EXPECT_FALSE(Return(2, once)->replayed());
  const auto again = Return(2, once);
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(Stored(1).sales(0).returned_quantity(), 2);
  EXPECT_THAT(Return(1, once),
              Fails(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED", "\"once\""));
}

// The price of the line is what was paid, so the product is not looked up.
TEST_F(ReturnTest, AProductThatCatalogDeletedCanStillBeReturned) {
  ASSERT_THAT(catalog_.Ask(&testing::Products::DeleteProduct, "product_sku: 1"), IsOk());
  EXPECT_THAT(
      Record("transaction { customer_id: 1 time_id: 1 } sales { product_sku: 9 quantity: 1 }"),
      Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING", "product 9"));
  EXPECT_EQ(Return(1)->sale().net_total(), 10);
}

TEST_F(ReturnTest, AMissIsReported) {
  EXPECT_THAT(sales_.Ask(&Sales::ReturnSale, "sale_id: 9 quantity: 1"),
              Fails(absl::StatusCode::kNotFound, "SALE_NOT_FOUND", "no sale 9"));
}

}  // namespace
}  // namespace clustr::sales
