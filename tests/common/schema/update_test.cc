#include "common/schema/update.h"

#include "absl/strings/str_split.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::schema {
namespace {

using catalog::v1::Product;
using catalog::v1::Timeframe;
using sales::v1::Sale;
using ::testing::ElementsAre;
using testing::EqualsText;
using ::testing::IsEmpty;
using testing::Text;
using testing::Texts;
using Kind = RowUpdate::Kind;

constexpr char kStored[] =
    "product_sku: 7 product_name: \"Cap\" category: \"Hats\" price: 5 in_stock: true revision: 3";
constexpr char kDay[] = "time_id: 1 date: \"2024-02-29\" day: 29 month: 2 year: 2024 revision: 4";

google::protobuf::FieldMask Mask(const std::string& paths) {
  google::protobuf::FieldMask mask;
  for (const auto path : absl::StrSplit(paths, ',', absl::SkipEmpty())) {
    mask.add_paths(std::string(path));
  }
  return mask;
}

std::vector<Violation> RefusedMask(const google::protobuf::Descriptor& model,
                                   const std::string& paths) {
  std::vector<Violation> violations;
  RowUpdate(model, Mask(paths), "update_mask", Kind::kUpdate, &violations);
  return violations;
}

// Returns `stored` after an update with `given`, which must be accepted.
template <class M>
M Updated(const std::string& stored, const std::string& paths, const std::string& given,
          Kind kind = Kind::kUpdate) {
  std::vector<Violation> violations;
  const RowUpdate update(*M::descriptor(), Mask(paths), "update_mask", kind, &violations);
  auto row = Text<M>(stored);
  update.Apply(Text<M>(given), "row", &row, &violations);
  EXPECT_THAT(Texts(violations), IsEmpty());
  return row;
}

TEST(RowUpdateTest, WithoutAMaskTakesTheFieldsThatAreSet) {
  EXPECT_THAT(Updated<Product>(kStored, "", "product_sku: 7 brand: \"Apex\" in_stock: false"),
              EqualsText("product_sku: 7 product_name: \"Cap\" category: \"Hats\" brand: \"Apex\" "
                         "price: 5 in_stock: false revision: 3"));
}

TEST(RowUpdateTest, WithoutAMaskAPresentEmptyTextIsTaken) {
  EXPECT_THAT(Updated<Product>(kStored, "", "category: \"\" product_name: \"\""),
              EqualsText("product_sku: 7 product_name: \"Cap\" category: \"\" price: 5 "
                         "in_stock: true revision: 3"));
}

TEST(RowUpdateTest, TakesOnlyWhatTheMaskNames) {
  EXPECT_THAT(Updated<Product>(kStored, "price", "price: 6 product_name: \"Hat\""),
              EqualsText("product_sku: 7 product_name: \"Cap\" category: \"Hats\" price: 6 "
                         "in_stock: true revision: 3"));
}

TEST(RowUpdateTest, ClearsWhatTheMaskNamesAndTheRowLeavesUnset) {
  EXPECT_THAT(Updated<Product>(kStored, "category,in_stock", "product_sku: 7"),
              EqualsText("product_sku: 7 product_name: \"Cap\" price: 5 revision: 3"));
}

TEST(RowUpdateTest, AStarReplacesTheRowButNotItsIdAndOutput) {
  EXPECT_THAT(Updated<Product>(kStored, "*", "product_name: \"Hat\" price: 1 revision: 99"),
              EqualsText("product_sku: 7 product_name: \"Hat\" price: 1 revision: 3"));
}

TEST(RowUpdateTest, AStarAmongNamesIsAStar) {
  EXPECT_THAT(Updated<Product>(kStored, "price,*", "product_name: \"Hat\" price: 1"),
              EqualsText("product_sku: 7 product_name: \"Hat\" price: 1 revision: 3"));
}

TEST(RowUpdateTest, RefusesPathsThatAreNotInput) {
  EXPECT_THAT(
      Texts(RefusedMask(*Product::descriptor(), "colour,product_sku,revision,Price,price.cents")),
      ElementsAre("update_mask: \"colour\" is not a field of Product; name only its fields",
                  "update_mask: \"product_sku\" is the id, which never changes; leave it "
                  "out of the mask",
                  "update_mask: \"revision\" is set by the server; leave it out of the mask",
                  "update_mask: \"Price\" is not a field of Product; name only its fields",
                  "update_mask: \"price.cents\" is not a field of Product; name only its fields"));
}

TEST(RowUpdateTest, AnImmutableFieldMayBeGivenAsItIs) {
  EXPECT_THAT(Updated<Timeframe>(kDay, "", "date: \"2024-02-29\""), EqualsText(kDay));
  EXPECT_THAT(Updated<Timeframe>(kDay, "date", "date: \"2024-02-29\""), EqualsText(kDay));
}

TEST(RowUpdateTest, AnImmutableFieldNeverChanges) {
  for (const char* mask : {"", "date", "*"}) {
    std::vector<Violation> violations;
    const RowUpdate update(*Timeframe::descriptor(), Mask(mask), "update_mask", Kind::kUpdate,
                           &violations);
    auto row = Text<Timeframe>(kDay);
    update.Apply(Text<Timeframe>("date: \"2024-03-01\" day: 29 month: 2 year: 2024"), "timeframe",
                 &row, &violations);
    EXPECT_THAT(Texts(violations),
                ElementsAre("timeframe.date: \"2024-03-01\" differs from the stored "
                            "\"2024-02-29\", and this field never changes; give the stored value"))
        << "mask " << mask;
    EXPECT_EQ(row.date(), "2024-02-29");
  }
}

TEST(RowUpdateTest, AnImportKeepsWhatTheServerFilled) {
  EXPECT_THAT(
      Updated<Timeframe>(kDay, "date,day,month,year", "date: \"2024-02-29\"", Kind::kImport),
      EqualsText(kDay));
  EXPECT_THAT(Updated<Timeframe>(kDay, "day", "", Kind::kUpdate),
              EqualsText("time_id: 1 date: \"2024-02-29\" month: 2 year: 2024 revision: 4"));
}

TEST(RowUpdateTest, AnImportClearsOtherFieldsOfItsMask) {
  EXPECT_THAT(Updated<Product>(kStored, "category,price", "price: 6", Kind::kImport),
              EqualsText("product_sku: 7 product_name: \"Cap\" price: 6 in_stock: true "
                         "revision: 3"));
}

TEST(RowUpdateTest, ImportOnlyFieldsAreOutputElsewhere) {
  constexpr char kLine[] = "sale_id: 1 transaction_id: 2 quantity: 5 returned_quantity: 1";
  EXPECT_THAT(Updated<Sale>(kLine, "", "quantity: 4 returned_quantity: 3"),
              EqualsText("sale_id: 1 transaction_id: 2 quantity: 4 returned_quantity: 1"));
  EXPECT_THAT(Updated<Sale>(kLine, "", "quantity: 4 returned_quantity: 3", Kind::kImport),
              EqualsText("sale_id: 1 transaction_id: 2 quantity: 4 returned_quantity: 3"));
  EXPECT_THAT(Texts(RefusedMask(*Sale::descriptor(), "returned_quantity")),
              ElementsAre("update_mask: \"returned_quantity\" is set by the server; leave it out "
                          "of the mask"));
}

TEST(RowUpdateTest, ReturnsTheFieldsThatItTakes) {
  std::vector<Violation> violations;
  const RowUpdate update(*Sale::descriptor(), Mask("quantity,line_total"), "update_mask",
                         Kind::kUpdate, &violations);
  const auto taken =
      update.Taken(Text<Sale>("sale_id: 1 quantity: 4 unit_price: 2 returned_quantity: 3"));
  EXPECT_THAT(static_cast<const Sale&>(*taken), EqualsText("quantity: 4"));
}

TEST(RowUpdateTest, NamesTheFieldsThatItTakesEvenUnset) {
  const auto& product = *Product::descriptor();
  const auto names = [&](const std::string& mask, const std::string& field) {
    std::vector<Violation> violations;
    return RowUpdate(product, Mask(mask), "update_mask", Kind::kUpdate, &violations)
        .Names(*product.FindFieldByName(field));
  };
  EXPECT_TRUE(names("price", "price"));
  EXPECT_FALSE(names("price", "brand"));
  EXPECT_TRUE(names("*", "brand"));
  EXPECT_FALSE(names("*", "product_sku"));
  EXPECT_FALSE(names("", "brand"));
}

}  // namespace
}  // namespace clustr::schema
