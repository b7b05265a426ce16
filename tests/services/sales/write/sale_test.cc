#include "absl/strings/str_cat.h"
#include "tests/services/sales/shop.h"

namespace clustr::sales {
namespace {

using testing::EqualsMessage;
using testing::EqualsText;
using testing::Fails;
using testing::IsOk;
using testing::RefusesFields;
using testing::Sales;

// A transaction 1 of two Caps, 10.00.
class SaleTest : public ShopTest {
 protected:
  SaleTest() { Buy("sales { product_sku: 1 quantity: 2 }"); }

  auto Create(const std::string& sale) {
    return sales_.Ask(&Sales::CreateSale, "sale { " + sale + " }");
  }
  auto Update(const std::string& sale, const std::string& options = "") {
    return sales_.Ask(&Sales::UpdateSale, "sale { " + sale + " } " + options);
  }
  auto Delete(int64_t sale_id) {
    return sales_.Ask(&Sales::DeleteSale, absl::StrCat("sale_id: ", sale_id));
  }
};

TEST_F(SaleTest, TheHeaderFollowsANewLine) {
  const auto created = Create("transaction_id: 1 product_sku: 2 quantity: 3");
  ASSERT_THAT(created, IsOk());
  EXPECT_THAT(created->sale(),
              EqualsText("sale_id: 2 transaction_id: 1 product_sku: 2 quantity: 3 unit_price: 2.5 "
                         "line_total: 7.5 net_total: 7.5 revision: 2"));
  const auto stored = Stored(1);
  EXPECT_EQ(stored.transaction().lines_total(), 17.5);
  EXPECT_EQ(stored.transaction().transaction_amount(), 17.5) << "nobody gave one";
  EXPECT_EQ(stored.transaction().revision(), 2);
  EXPECT_THAT(stored.sales(1), EqualsMessage(created->sale()));
}

TEST_F(SaleTest, ANewLineBelongsToATransactionThatExists) {
  EXPECT_THAT(Create("transaction_id: 7 product_sku: 1 quantity: 1"),
              Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING",
                    "sale.transaction_id: there is no transaction 7; create it first"));
}

TEST_F(SaleTest, ANewLineOfAnUnknownProductAndTransactionReportsBoth) {
  const auto refused = Create("transaction_id: 7 product_sku: 9 quantity: 1");
  EXPECT_THAT(testing::ViolatedFields(refused.status()),
              ::testing::ElementsAre("sale.product_sku", "sale.transaction_id"));
}

TEST_F(SaleTest, ATransactionHasAtMostTenThousandLines) {
  v1::ImportSalesRequest lines;
  for (int i = 2; i < 10'000; ++i) {
    v1::Sale* line = lines.add_sales();
    line->set_sale_id(i);
    line->set_transaction_id(1);
    line->set_product_sku(1);
    line->set_quantity(1);
  }
  const auto imported = sales_.SendAll(&Sales::ImportSales, std::vector{lines});
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->summary().created_count(), 9'998);
  const std::string line = "transaction_id: 1 product_sku: 1 quantity: 1";
  EXPECT_THAT(Create(line), IsOk());
  EXPECT_THAT(Create(line), RefusesFields(Fields{"sale.transaction_id"}));
  EXPECT_THAT(Delete(1), IsOk());
  EXPECT_THAT(Create(line), IsOk());
  EXPECT_EQ(Stored(1).transaction().lines_total(), 50'000);
}

TEST_F(SaleTest, TheHeaderFollowsAChangedLine) {
  const auto updated = Update("sale_id: 1 quantity: 3");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->sale().line_total(), 15);
  EXPECT_EQ(Stored(1).transaction().lines_total(), 15);
  EXPECT_EQ(Stored(1).transaction().revision(), updated->sale().revision());
}

TEST_F(SaleTest, ANewPriceRecomputesTheTotalUnlessTheTotalIsGiven) {
  EXPECT_EQ(Update("sale_id: 1 unit_price: 4")->sale().line_total(), 8);
  EXPECT_EQ(Update("sale_id: 1 unit_price: 3 line_total: 5.98")->sale().line_total(), 5.98);
  EXPECT_THAT(Update("sale_id: 1 line_total: 9"), RefusesFields(Fields{"sale.line_total"}));
}

TEST_F(SaleTest, AClearedPriceIsTheCurrentPriceOfTheProduct) {
  EXPECT_THAT(Update("sale_id: 1 unit_price: 4"), IsOk());
  const auto updated = Update("sale_id: 1", "update_mask { paths: 'unit_price' }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->sale().unit_price(), 5);
  EXPECT_EQ(updated->sale().line_total(), 10);
}

TEST_F(SaleTest, ALineNeverMovesToAnotherTransaction) {
  Buy("sales { product_sku: 1 quantity: 1 }");
  EXPECT_THAT(Update("sale_id: 1 transaction_id: 2"), RefusesFields(Fields{"sale.transaction_id"}));
}

TEST_F(SaleTest, AnUpdateThatChangesNothingLeavesTheHeaderAlone) {
  const int64_t head = sales_.Head();
  EXPECT_THAT(Update("sale_id: 1 quantity: 2"), IsOk());
  EXPECT_EQ(sales_.Head(), head);
}

TEST_F(SaleTest, ARefusedUpdateLeavesLineAndHeaderAsTheyWere) {
  const auto before = Stored(1);
  EXPECT_THAT(Update("sale_id: 1 product_sku: 9 quantity: 5"),
              Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING", "product 9"));
  EXPECT_THAT(Stored(1), EqualsMessage(before));
}

TEST_F(SaleTest, AnUpdateOfAMissCreatesTheLineIfAllowed) {
  const std::string line = "sale_id: 40 transaction_id: 1 product_sku: 2 quantity: 1";
  EXPECT_THAT(Update(line), Fails(absl::StatusCode::kNotFound, "SALE_NOT_FOUND", "no sale 40"));
  EXPECT_THAT(Update(line, "allow_missing: true"), IsOk());
  EXPECT_EQ(Stored(1).transaction().lines_total(), 12.5);
  EXPECT_EQ(Create("transaction_id: 1 product_sku: 2 quantity: 1")->sale().sale_id(), 41);
}

TEST_F(SaleTest, TheHeaderFollowsARemovedLine) {
  EXPECT_THAT(Create("transaction_id: 1 product_sku: 2 quantity: 3"), IsOk());
  const auto deleted = Delete(1);
  ASSERT_THAT(deleted, IsOk());
  const auto stored = Stored(1);
  EXPECT_EQ(stored.transaction().lines_total(), 7.5);
  EXPECT_EQ(stored.transaction().revision(), deleted->revision());
  EXPECT_EQ(stored.sales_size(), 1);
  EXPECT_THAT(Delete(2), IsOk());
  EXPECT_EQ(Stored(1).transaction().lines_total(), 0);
  EXPECT_THAT(Delete(2), Fails(absl::StatusCode::kNotFound, "SALE_NOT_FOUND", "no sale 2"));
}

}  // namespace
}  // namespace clustr::sales
