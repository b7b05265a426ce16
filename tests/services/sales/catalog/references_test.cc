#include <chrono>

#include "absl/strings/str_cat.h"
#include "tests/services/sales/shop.h"

namespace clustr::sales {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using testing::IsOk;
using testing::Products;
using testing::RefusesFields;
using testing::Sales;
using testing::Transactions;

constexpr char kHeader[] = "transaction { customer_id: 1 purchase_date: '2024-01-01' } ";
constexpr char kNewDay[] = "transaction { customer_id: 1 purchase_date: '2024-01-02' } ";
constexpr char kCap[] = "sales { product_sku: 1 quantity: 1 } ";

class ReferencesTest : public ShopTest {};

TEST_F(ReferencesTest, ARowThatCatalogGotAMomentAgoIsKnown) {
  for (int i = 0; i < 20; ++i) {
    const int64_t sku = AddProduct(1 + i);
    EXPECT_EQ(
        Buy(absl::StrCat("sales { product_sku: ", sku, " quantity: 1 }")).sales(0).unit_price(),
        1 + i);
  }
}

TEST_F(ReferencesTest, ThePriceIsThatOfMinCatalogRevision) {
  for (int price = 10; price < 30; ++price) {
    const auto updated = catalog_.Ask(
        &Products::UpdateProduct, absl::StrCat("product { product_sku: 1 price: ", price, " }"));
    ASSERT_THAT(updated, IsOk());
    const auto recorded = Record(
        absl::StrCat(kHeader, kCap, "min_catalog_revision: ", updated->product().revision()));
    ASSERT_THAT(recorded, IsOk());
    EXPECT_EQ(recorded->sales(0).unit_price(), price);
  }
}

TEST_F(ReferencesTest, ACatalogRevisionThatIsNotReachedEndsInTime) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
  v1::RecordPurchaseResponse response;
  const grpc::Status status = sales_.stub<Transactions>().RecordPurchase(
      &context,
      testing::Text<v1::RecordPurchaseRequest>(
          absl::StrCat(kHeader, kCap, "min_catalog_revision: 99")),
      &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(TransactionCount(), 0);
}

TEST_F(ReferencesTest, CatalogCreatesAMissingDay) {
  const auto recorded = Record(absl::StrCat(kNewDay, kCap));
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->transaction().time_id(), 2);
  EXPECT_THAT(CatalogDates(), ElementsAre("2024-01-01", "2024-01-02"));
  EXPECT_EQ(Record(absl::StrCat(kNewDay, kCap))->transaction().time_id(), 2);
}

TEST_F(ReferencesTest, ARefusedPurchaseLeavesNoDay) {
  EXPECT_THAT(Record(absl::StrCat(kNewDay, "sales { product_sku: 9 quantity: 1 }")),
              Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING", "product 9"));
  EXPECT_THAT(Record(absl::StrCat(
                  kNewDay, "sales { product_sku: 1 quantity: 1 unit_price: 1 line_total: 9 }")),
              RefusesFields(Fields{"sales[0].line_total"}));
  EXPECT_THAT(CatalogDates(), ElementsAre("2024-01-01"));
}

TEST_F(ReferencesTest, ValidateOnlyCreatesNoDay) {
  const auto checked = Record(absl::StrCat(kNewDay, kCap, "validate_only: true"));
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->transaction().purchase_date(), "2024-01-02");
  EXPECT_EQ(checked->transaction().time_id(), 0);
  EXPECT_THAT(CatalogDates(), ElementsAre("2024-01-01"));
  EXPECT_EQ(TransactionCount(), 0);
}

// Neither that catalog was down nor that nothing was to be stored may be left over from the calls
// before.
TEST_F(ReferencesTest, EachCallIsDecidedByItsOwnFacts) {
  catalog_.server().Stop();
  EXPECT_THAT(Record("transaction { customer_id: 9 time_id: 1 } " + std::string(kCap)),
              Fails(absl::StatusCode::kUnavailable, "UPSTREAM", ""));
  catalog_.server().Start();
  AddProduct(1);
  // Waits until sales has connected again.
  ASSERT_THAT(Record(absl::StrCat(kHeader, kCap, "min_catalog_revision: ", catalog_.Head())),
              IsOk());
  EXPECT_THAT(Record(absl::StrCat(kNewDay, kCap, "validate_only: true")), IsOk());
  EXPECT_THAT(Record("transaction { customer_id: 9 time_id: 7 } " + std::string(kCap)),
              Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING", "customer 9"));
  EXPECT_GT(Record(absl::StrCat(kNewDay, kCap))->transaction().time_id(), 0);
}

// Sales follows a catalog that has stopped; a purchase is stored.
class UnreachableCatalogTest : public ShopTest {
 protected:
  UnreachableCatalogTest() {
    Buy(kCap);
    catalog_.server().Stop();
  }
};

TEST_F(UnreachableCatalogTest, KnownReferencesAreEnough) {
  EXPECT_THAT(Record(absl::StrCat(kHeader, kCap)), IsOk());
}

TEST_F(UnreachableCatalogTest, UnknownReferencesAreUnavailableAndNotMissing) {
  const auto refused =
      Record("transaction { customer_id: 9 time_id: 1 } sales { product_sku: 8 quantity: 1 }");
  EXPECT_THAT(refused, Fails(absl::StatusCode::kUnavailable, "UPSTREAM",
                             "catalog cannot be reached to look for product 8; try again"));
  EXPECT_THAT(testing::ViolatedFields(refused.status()),
              ElementsAre("sales[0].product_sku", "transaction.customer_id"));
}

TEST_F(UnreachableCatalogTest, ANewDayIsUnavailable) {
  EXPECT_THAT(Record(absl::StrCat(kNewDay, kCap)),
              Fails(absl::StatusCode::kUnavailable, "UPSTREAM", "2024-01-02"));
}

TEST_F(UnreachableCatalogTest, AViolationOfTheRequestIsReportedFirst) {
  EXPECT_THAT(Record(absl::StrCat(
                  kNewDay, "sales { product_sku: 1 quantity: 1 unit_price: 1 line_total: 9 }")),
              Fails(absl::StatusCode::kInvalidArgument, "FIELD_INVALID", "sales[0].line_total"));
}

TEST_F(UnreachableCatalogTest, LinesAndHeadersAreChangedAsFarAsCatalogIsNotNeeded) {
  EXPECT_THAT(sales_.Ask(&Sales::UpdateSale, "sale { sale_id: 1 quantity: 2 }"), IsOk());
  EXPECT_THAT(sales_.Ask(&Sales::UpdateSale, "sale { sale_id: 1 product_sku: 9 }"),
              Fails(absl::StatusCode::kUnavailable, "UPSTREAM", "product 9"));
  EXPECT_THAT(sales_.Ask(&Transactions::UpdateTransaction,
                         "transaction { transaction_id: 1 channel: 'Store' }"),
              IsOk());
}

}  // namespace
}  // namespace clustr::sales
