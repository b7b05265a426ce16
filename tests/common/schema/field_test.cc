#include "common/schema/field.h"

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::schema {
namespace {

using bundles::v1::BundleRule;
using catalog::v1::Customer;
using catalog::v1::Product;
using sales::v1::Sale;
using testing::EqualsText;
using testing::Text;

Column ColumnOf(const google::protobuf::Descriptor& message, const std::string& field) {
  for (const Column& column : ColumnsOf(message)) {
    if (column.field->name() == field) return column;
  }
  ADD_FAILURE() << "no column for " << field;
  return {};
}

template <class M>
Cell CellOf(const std::string& text, const std::string& field) {
  Cell cell;
  ReadCell(Text<M>(text), ColumnOf(*M::descriptor(), field), &cell);
  return cell;
}

TEST(FieldTest, ColumnsSayHowAFieldIsKept) {
  const Column price = ColumnOf(*Product::descriptor(), "price");
  EXPECT_EQ(price.name, "price_cents");
  EXPECT_EQ(price.type, CellType::kInteger);
  EXPECT_TRUE(price.money);
  EXPECT_TRUE(price.nullable);
  const Column name = ColumnOf(*Product::descriptor(), "product_name");
  EXPECT_EQ(name.type, CellType::kText);
  EXPECT_FALSE(name.nullable);
  EXPECT_EQ(ColumnOf(*Product::descriptor(), "in_stock").type, CellType::kInteger);
  EXPECT_EQ(ColumnOf(*BundleRule::descriptor(), "lift").type, CellType::kReal);
  EXPECT_EQ(ColumnOf(*BundleRule::descriptor(), "antecedents").type, CellType::kText);
}

TEST(FieldTest, ReadsEachTypeIntoItsCell) {
  EXPECT_EQ(CellOf<Product>("product_sku: 5000000000", "product_sku").integer, 5'000'000'000);
  EXPECT_EQ(CellOf<Sale>("quantity: 3", "quantity").integer, 3);
  EXPECT_EQ(CellOf<Product>("in_stock: true", "in_stock").integer, 1);
  EXPECT_EQ(CellOf<Product>("in_stock: false", "in_stock").integer, 0);
  EXPECT_EQ(CellOf<Product>("price: 19.99", "price").integer, 1999);
  EXPECT_EQ(CellOf<BundleRule>("lift: 1.25", "lift").real, 1.25);
  EXPECT_EQ(CellOf<Product>("brand: \"é'\"", "brand").text, "é'");
  EXPECT_EQ(CellOf<BundleRule>("antecedents: [1, 22, 333]", "antecedents").text, "1,22,333");
  EXPECT_EQ(CellOf<BundleRule>("", "antecedents").text, "");
}

TEST(FieldTest, AbsentIsNullOnlyWhereAFieldHasPresence) {
  EXPECT_TRUE(CellOf<Product>("", "brand").null);
  EXPECT_FALSE(CellOf<Product>("brand: \"\"", "brand").null);
  EXPECT_TRUE(CellOf<Product>("", "in_stock").null);
  EXPECT_TRUE(CellOf<Product>("", "price").null);
  EXPECT_FALSE(CellOf<Product>("", "product_name").null);
  EXPECT_FALSE(CellOf<Product>("", "product_sku").null);
}

TEST(FieldTest, EveryFieldComesBackThroughItsCell) {
  const auto rule = Text<BundleRule>(
      "rule_id: 9223372036854775807 antecedents: [1, 2] consequents: 9007199254740991 "
      "support: 0.1 confidence: 0.30000000000000004 lift: 1e-300 count_ab: 7");
  BundleRule copy;
  for (const Column& column : ColumnsOf(*BundleRule::descriptor())) CopyField(rule, column, &copy);
  EXPECT_THAT(copy, testing::EqualsMessage(rule));

  const auto customer = Text<Customer>("customer_id: 7 gender: \"\" age: 0 city: \"Łódź\"");
  Customer customer_copy;
  for (const Column& column : ColumnsOf(*Customer::descriptor())) {
    CopyField(customer, column, &customer_copy);
  }
  EXPECT_THAT(customer_copy, testing::EqualsMessage(customer));
  EXPECT_TRUE(customer_copy.has_age());
  EXPECT_FALSE(customer_copy.has_phone());
}

TEST(FieldTest, CopiesMoneyAsWholeCents) {
  Product copy;
  CopyField(Text<Product>("price: 0.30000000000000004"), ColumnOf(*Product::descriptor(), "price"),
            &copy);
  EXPECT_EQ(copy.price(), 0.3);
}

TEST(FieldTest, ANullClearsWhatWasThere) {
  auto product = Text<Product>("brand: \"Apex\" price: 1");
  CopyField(Product(), ColumnOf(*Product::descriptor(), "brand"), &product);
  EXPECT_THAT(product, EqualsText("price: 1"));
}

TEST(FieldTest, SameTellsAbsentFromEmpty) {
  const Column brand = ColumnOf(*Product::descriptor(), "brand");
  EXPECT_TRUE(SameField(Product(), Product(), brand));
  EXPECT_FALSE(SameField(Product(), Text<Product>("brand: \"\""), brand));
  EXPECT_TRUE(SameField(Text<Product>("brand: \"a\""), Text<Product>("brand: \"a\""), brand));
  EXPECT_FALSE(SameField(Text<Product>("brand: \"a\""), Text<Product>("brand: \"A\""), brand));
}

TEST(FieldTest, SameMoneyIsTheSameCents) {
  const Column price = ColumnOf(*Product::descriptor(), "price");
  EXPECT_TRUE(
      SameField(Text<Product>("price: 0.3"), Text<Product>("price: 0.30000000000000004"), price));
  EXPECT_FALSE(SameField(Text<Product>("price: 0.3"), Text<Product>("price: 0.31"), price));
}

TEST(FieldTest, SetIsPresentOrNotZero) {
  const auto& product = *Product::descriptor();
  EXPECT_FALSE(IsSet(Product(), *product.FindFieldByName("price")));
  EXPECT_TRUE(IsSet(Text<Product>("price: 0"), *product.FindFieldByName("price")));
  EXPECT_FALSE(
      IsSet(Text<Product>("product_name: \"\""), *product.FindFieldByName("product_name")));
  const auto& antecedents = *BundleRule::descriptor()->FindFieldByName("antecedents");
  EXPECT_FALSE(IsSet(BundleRule(), antecedents));
  EXPECT_TRUE(IsSet(Text<BundleRule>("antecedents: 0"), antecedents));
}

}  // namespace
}  // namespace clustr::schema
