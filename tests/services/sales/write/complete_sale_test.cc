#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/sales/write/sale_rules.h"
#include "tests/testing/matchers.h"

namespace clustr::sales {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Text;
using testing::Texts;

class CompleteSaleTest : public ::testing::Test {
 protected:
  CompleteSaleTest() {
    replica_.Apply(Text<catalog::v1::StreamCatalogResponse>(
        "changes { product { product_sku: 1 price: 5 } } revision: 1 head_revision: 1"));
  }

  // Completes a new line, of product 1 unless `text` names another.
  v1::Sale Complete(const std::string& text, CatalogAnswer answer = CatalogAnswer::kMissing) {
    auto given = Text<v1::Sale>(text);
    if (given.product_sku() == 0) given.set_product_sku(1);
    v1::Sale row = given;
    violations_.clear();
    CompleteSale(replica_, answer, nullptr, given, &row, "sale", &violations_);
    return row;
  }

  ThreadPool pool_{1};
  CallSlots slots_{{"parked", "calls that wait for a revision", 1000, 1000}};
  rpc::RevisionGate gate_{&pool_, &slots_};
  CatalogReplica replica_{&gate_};
  std::vector<Violation> violations_;
};

TEST_F(CompleteSaleTest, ALineTotalMayDifferByOneCentAUnit) {
  EXPECT_EQ(Complete("quantity: 3 unit_price: 1 line_total: 2.97").line_total(), 2.97);
  EXPECT_EQ(Complete("quantity: 3 unit_price: 1 line_total: 3.03").line_total(), 3.03);
  EXPECT_THAT(violations_, IsEmpty());
  Complete("quantity: 3 unit_price: 1 line_total: 3.04");
  EXPECT_THAT(Texts(violations_),
              ElementsAre(AllOf(HasSubstr("sale.line_total: 3.04 "), HasSubstr("3.00"))));
}

TEST_F(CompleteSaleTest, ANetTotalIsRoundedHalfUp) {
  EXPECT_EQ(Complete("quantity: 2 unit_price: 0.5 line_total: 1.01").net_total(), 1.01);
  EXPECT_EQ(
      Complete("quantity: 2 unit_price: 0.5 line_total: 1.01 returned_quantity: 1").net_total(),
      0.51);
  EXPECT_EQ(Complete("quantity: 3 unit_price: 0.33 line_total: 1 returned_quantity: 2").net_total(),
            0.33);
}

TEST_F(CompleteSaleTest, TheGreatestLineIsExact) {
  const v1::Sale line = Complete("quantity: 1000000 unit_price: 9999.99 returned_quantity: 1");
  EXPECT_THAT(violations_, IsEmpty());
  EXPECT_EQ(line.line_total(), 9999990000.0);
  EXPECT_EQ(line.net_total(), 9999980000.01);
  Complete("quantity: 1000000 unit_price: 10000");
  EXPECT_THAT(Texts(violations_), ElementsAre(HasSubstr("sale.line_total")));
}

TEST_F(CompleteSaleTest, MoreCannotComeBackThanWasBought) {
  Complete("quantity: 2 returned_quantity: 3");
  EXPECT_THAT(Texts(violations_), ElementsAre(HasSubstr("sale.returned_quantity: 3 ")));
}

TEST_F(CompleteSaleTest, AnUnknownProductIsReportedAsCatalogAnswered) {
  Complete("product_sku: 9 quantity: 1", CatalogAnswer::kMissing);
  ASSERT_EQ(violations_.size(), 1u);
  EXPECT_EQ(violations_[0].reason, common::v1::ERROR_REASON_REFERENCE_MISSING);
  Complete("product_sku: 9 quantity: 1", CatalogAnswer::kUnreachable);
  ASSERT_EQ(violations_.size(), 1u);
  EXPECT_EQ(violations_[0].reason, common::v1::ERROR_REASON_UPSTREAM);
}

TEST_F(CompleteSaleTest, AStoredProductIsNotLookedUpAgain) {
  const auto stored = Text<v1::Sale>("product_sku: 9 quantity: 2 unit_price: 1 line_total: 2");
  const auto given = Text<v1::Sale>("quantity: 4");
  auto row = stored;
  row.set_quantity(4);
  CompleteSale(replica_, CatalogAnswer::kMissing, &stored, given, &row, "sale", &violations_);
  EXPECT_THAT(violations_, IsEmpty());
  EXPECT_EQ(row.line_total(), 4);
}

}  // namespace
}  // namespace clustr::sales
