#include "common/schema/validator.h"

#include <cmath>
#include <limits>

#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/bundles/v1/population.pb.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "clustr/catalog/v1/customer_service.pb.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/analytics_service.pb.h"
#include "clustr/sales/v1/sale_service.pb.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::schema {
namespace {

using bundles::v1::ExplainAssociationRuleRequest;
using bundles::v1::ListAssociationRulesRequest;
using bundles::v1::Population;
using bundles::v1::RecommendProductsRequest;
using catalog::v1::BatchGetProductsRequest;
using catalog::v1::CreateProductRequest;
using catalog::v1::Customer;
using catalog::v1::GetProductRequest;
using catalog::v1::ListProductsRequest;
using catalog::v1::Product;
using catalog::v1::UpdateProductRequest;
using sales::v1::ImportSalesRequest;
using sales::v1::RecordPurchaseRequest;
using sales::v1::Sale;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::Text;
using testing::Texts;

template <class M>
std::vector<std::string> Wrong(const M& message) {
  std::vector<Violation> violations;
  ValidatorOf<M>().Check(message, "", &violations);
  return Texts(violations);
}

template <class M>
std::vector<std::string> Wrong(const std::string& text) {
  return Wrong(Text<M>(text));
}

template <class M>
std::vector<std::string> Missing(const std::string& text) {
  std::vector<Violation> violations;
  ValidatorOf<M>().CheckRequired(Text<M>(text), "row", &violations);
  return Texts(violations);
}

GetProductRequest ProductAt(int64_t id) {
  GetProductRequest request;
  request.set_product_sku(id);
  return request;
}

TEST(ValidatorTest, IdsReachFrom1To2To53Minus1) {
  EXPECT_THAT(Wrong(ProductAt(1)), IsEmpty());
  EXPECT_THAT(Wrong(ProductAt(5'000'000'000)), IsEmpty());
  EXPECT_THAT(Wrong(ProductAt((int64_t{1} << 53) - 1)), IsEmpty());
  EXPECT_THAT(Wrong(ProductAt(0)),
              ElementsAre("product_sku: is required and missing; give an id, or give external_id"));
  EXPECT_THAT(Wrong(ProductAt(-1)),
              ElementsAre("product_sku: -1 is below 1; give an id from 1 to 9007199254740991"));
  EXPECT_THAT(Wrong(ProductAt(int64_t{1} << 53)),
              ElementsAre("product_sku: 9007199254740992 is above 9007199254740991 (2^53 - 1); "
                          "give a smaller id"));
  EXPECT_THAT(Wrong(ProductAt(std::numeric_limits<int64_t>::min())), SizeIs(1));
}

TEST(ValidatorTest, APresent0IsNotAnId) {
  EXPECT_THAT(Wrong<RecommendProductsRequest>(""), IsEmpty());
  EXPECT_THAT(Wrong<RecommendProductsRequest>("customer_id: 0"),
              ElementsAre("customer_id: 0 is not an id; give an id from 1 to 9007199254740991"));
}

TEST(ValidatorTest, MoneyIsWholeCentsBelowTenBillion) {
  const auto wrong_at = [](double price) {
    Product product;
    product.set_price(price);
    return Wrong(product);
  };
  for (const double price : {0.0, -0.0, 0.1 + 0.2, 9'999'999'999.99}) {
    EXPECT_THAT(wrong_at(price), IsEmpty()) << price;
  }
  EXPECT_THAT(wrong_at(-1), ElementsAre("price: -1 is below 0; give at least 0"));
  EXPECT_THAT(wrong_at(0.001), SizeIs(1));
  EXPECT_THAT(wrong_at(1e10), SizeIs(1));
  EXPECT_THAT(wrong_at(std::nan("")), SizeIs(1));
  EXPECT_THAT(wrong_at(std::numeric_limits<double>::infinity()), SizeIs(1));
}

TEST(ValidatorTest, DatesExist) {
  EXPECT_THAT(Wrong<Customer>("dob: \"2024-02-29\""), IsEmpty());
  EXPECT_THAT(Wrong<Customer>("dob: \"2024-02-30\""),
              ElementsAre("dob: \"2024-02-30\" is not a date that exists; give YYYY-MM-DD"));
}

TEST(ValidatorTest, APresentDateIsNotEmpty) {
  EXPECT_THAT(Wrong<Customer>("dob: \"\""),
              ElementsAre("dob: \"\" is not a date that exists; give YYYY-MM-DD"));
  EXPECT_THAT(Wrong<Population>("start_date: \"\""), IsEmpty());
}

TEST(ValidatorTest, TextsHaveAtMost256CodePointsUnlessTheFieldSaysOtherwise) {
  Product product;
  product.set_brand(std::string(256, 'x'));
  EXPECT_THAT(Wrong(product), IsEmpty());
  product.set_brand(std::string(257, 'x'));
  EXPECT_THAT(Wrong(product), ElementsAre("brand: \"" + std::string(40, 'x') +
                                          "…\" has 257 characters; give at most 256"));
  ListProductsRequest list;
  list.set_page_token(std::string(32768, 'x'));
  EXPECT_THAT(Wrong(list), IsEmpty());
  list.set_page_token(std::string(32769, 'x'));
  EXPECT_THAT(Wrong(list), SizeIs(1));
}

TEST(ValidatorTest, TextsHoldNoControlCharacters) {
  EXPECT_THAT(Wrong<Product>("brand: \"a\\tb\""),
              ElementsAre("brand: has the control character U+0009 at position 2; remove it"));
}

TEST(ValidatorTest, RequestIdsAre64VisibleAsciiCharacters) {
  const auto wrong_at = [](const std::string& id) {
    CreateProductRequest request;
    request.mutable_product();
    request.set_request_id(id);
    return Wrong(request);
  };
  EXPECT_THAT(wrong_at(""), IsEmpty());
  EXPECT_THAT(wrong_at("!~0f"), IsEmpty());
  EXPECT_THAT(wrong_at(std::string(64, 'x')), IsEmpty());
  for (const std::string& id :
       {std::string(65, 'x'), std::string("a b"), std::string("é"), std::string("a\x7F")}) {
    EXPECT_THAT(wrong_at(id),
                ElementsAre("request_id: is not 1 to 64 visible ASCII characters; give for "
                            "example a UUID"))
        << id;
  }
}

TEST(ValidatorTest, NumbersKeepTheirBounds) {
  EXPECT_THAT(Wrong<Sale>("quantity: 1"), IsEmpty());
  EXPECT_THAT(Wrong<Sale>("quantity: 1000000"), IsEmpty());
  EXPECT_THAT(Wrong<Sale>("quantity: -1"), ElementsAre("quantity: -1 is below 1; give at least 1"));
  EXPECT_THAT(Wrong<Sale>("quantity: 1000001"),
              ElementsAre("quantity: 1000001 is above 1000000; give at most 1000000"));
  EXPECT_THAT(Wrong<Customer>("age: 0"), IsEmpty());
  EXPECT_THAT(Wrong<Customer>("age: 151"), ElementsAre("age: 151 is above 150; give at most 150"));
  EXPECT_THAT(Wrong<ListProductsRequest>("page_size: -1"),
              ElementsAre("page_size: -1 is below 0; give at least 0"));
}

TEST(ValidatorTest, ListsKeepTheirLengths) {
  BatchGetProductsRequest batch;
  EXPECT_THAT(Wrong(batch), ElementsAre("product_skus: 0 entries; give at least 1"));
  for (int i = 0; i < 1000; ++i) batch.add_product_skus(7);
  EXPECT_THAT(Wrong(batch), IsEmpty());
  batch.add_product_skus(7);
  EXPECT_THAT(Wrong(batch), ElementsAre("product_skus: more than 1000 entries; give at most 1000"));
}

TEST(ValidatorTest, ElementsOfListsAreNamedByIndex) {
  EXPECT_THAT(Wrong<BatchGetProductsRequest>("product_skus: [1, 0, -5]"),
              ElementsAre("product_skus[1]: 0 is not an id; give an id from 1 to 9007199254740991",
                          "product_skus[2]: -5 is below 1; give an id from 1 to 9007199254740991"));
  EXPECT_THAT(Wrong<Population>("genders: [\"Female\", \"\", \"a\\nb\"]"),
              ElementsAre("genders[2]: has the control character U+000A at position 2; remove it"));
}

TEST(ValidatorTest, SetsHoldEachProductOnce) {
  EXPECT_THAT(Wrong<ExplainAssociationRuleRequest>("antecedents: [1, 2] consequents: 3"),
              IsEmpty());
  EXPECT_THAT(Wrong<ExplainAssociationRuleRequest>("antecedents: [1, 2, 1] consequents: 3"),
              ElementsAre("antecedents: names a product twice; give each once"));
}

TEST(ValidatorTest, EnumsHaveAName) {
  ListAssociationRulesRequest request;
  request.set_view(static_cast<bundles::v1::RuleView>(99));
  EXPECT_THAT(
      Wrong(request),
      ElementsAre(
          "view: 99 is not a value of RuleView; give one of RULE_VIEW_BASIC, RULE_VIEW_FULL"));
}

TEST(ValidatorTest, ARequiredEnumNamesWhatMayBeGiven) {
  EXPECT_THAT(Wrong<sales::v1::QueryRevenueRequest>("limit: 1"),
              ElementsAre(::testing::StartsWith(
                  "dimension: is required and missing; give one of "
                  "REVENUE_DIMENSION_PRODUCT_CATEGORY, REVENUE_DIMENSION_PRODUCT_BRAND, ")));
  EXPECT_THAT(Wrong<sales::v1::QueryRevenueRequest>("dimension: REVENUE_DIMENSION_MONTH"),
              IsEmpty());
}

TEST(ValidatorTest, ChecksNestedMessagesAndLists) {
  EXPECT_THAT(
      Wrong<RecordPurchaseRequest>(
          "transaction { customer_id: -1 channel: \"a\\001\" } sales { product_sku: 1 quantity: 1 }"
          "sales {} sales { product_sku: 2 quantity: -1 unit_price: 0.001 }"),
      ElementsAre(
          "transaction.customer_id: -1 is below 1; give an id from 1 to 9007199254740991",
          "transaction.channel: has the control character U+0001 at position 2; remove it",
          "sales[2].quantity: -1 is below 1; give at least 1",
          "sales[2].unit_price: 0.001 has a fraction of a cent; give at most two decimals"));
}

TEST(ValidatorTest, ARequiredMessageMustBeSet) {
  EXPECT_THAT(Wrong<CreateProductRequest>(""),
              ElementsAre("product: is required and missing; give it"));
  EXPECT_THAT(Wrong<CreateProductRequest>("product {}"), IsEmpty());
}

TEST(ValidatorTest, CheckSettingsSkipsNestedMessages) {
  std::vector<Violation> violations;
  ValidatorOf<ImportSalesRequest>().CheckSettings(
      Text<ImportSalesRequest>("sales { quantity: -1 } min_catalog_revision: -1"), &violations);
  EXPECT_THAT(Texts(violations),
              ElementsAre("min_catalog_revision: -1 is below 0; give at least 0"));
}

TEST(ValidatorTest, ForeignMessagesHaveNoRules) {
  EXPECT_THAT(Wrong<UpdateProductRequest>("product {} update_mask { paths: \"\\001\" }"),
              IsEmpty());
}

TEST(ValidatorTest, OutputFieldsAreIgnored) {
  EXPECT_THAT(Wrong<Sale>("net_total: -0.001 revision: -5"), IsEmpty());
}

TEST(ValidatorTest, ARowHasItsRequiredFields) {
  EXPECT_THAT(Missing<Product>("product_name: \"Cap\" price: 0"), IsEmpty());
  EXPECT_THAT(Missing<Product>(""),
              ElementsAre("row.product_name: is required and missing; give a value",
                          "row.price: is required and missing; give an amount, for example 12.50"));
  EXPECT_THAT(Missing<Product>("product_name: \"  \" price: 1"),
              ElementsAre("row.product_name: has nothing but spaces; give a text"));
  EXPECT_THAT(Missing<catalog::v1::Timeframe>(""),
              ElementsAre("row.date: is required and missing; give a date YYYY-MM-DD"));
  EXPECT_THAT(Missing<Sale>("quantity: 0"),
              ElementsAre("row.transaction_id: is required and missing; give an id, or give "
                          "transaction_external_id",
                          "row.product_sku: is required and missing; give an id, or give "
                          "product_external_id",
                          "row.quantity: is required and missing; give a value"));
}

TEST(ValidatorTest, FindsEveryViolation) {
  RecordPurchaseRequest request;
  request.mutable_transaction();
  for (int i = 0; i < 1000; ++i) {
    request.add_sales()->set_quantity(-1);
    request.mutable_sales(i)->set_product_sku(-1);
  }
  EXPECT_THAT(Wrong(request), SizeIs(2000));
}

TEST(ValidatorTest, PathsAreJoinedWithADot) {
  EXPECT_EQ(JoinPath("", "price"), "price");
  EXPECT_EQ(JoinPath("product", "price"), "product.price");
}

TEST(ValidatorTest, ARowIsNamedByItsIdOrByItsKey) {
  EXPECT_THAT(Wrong<GetProductRequest>("external_id: 'A-17'"), IsEmpty());
  EXPECT_THAT(Wrong<GetProductRequest>("external_id: ''"),
              ElementsAre("product_sku: is required and missing; give an id, or give external_id"));
  EXPECT_THAT(Wrong<GetProductRequest>("product_sku: 3 external_id: 'A-17'"),
              ElementsAre("external_id: names what product_sku names; give one of the two"));
  EXPECT_THAT(Wrong<GetProductRequest>("external_id: '" + std::string(257, 'x') + "'"), SizeIs(1));
}

TEST(ValidatorTest, TheEntriesOfIdsAndKeysAddUp) {
  EXPECT_THAT(Wrong<BatchGetProductsRequest>("external_ids: 'A'"), IsEmpty());
  EXPECT_THAT(Wrong<BatchGetProductsRequest>("product_skus: 1 external_ids: 'A'"), IsEmpty());
  EXPECT_THAT(Wrong<BatchGetProductsRequest>("external_ids: 'A' external_ids: ''"),
              ElementsAre("external_ids[1]: is empty; leave it unset, or give a value that "
                          "identifies the row"));
  BatchGetProductsRequest many;
  for (int i = 1; i <= 600; ++i) {
    many.add_product_skus(i);
    many.add_external_ids(std::to_string(i));
  }
  EXPECT_THAT(
      Wrong(many),
      ElementsAre("product_skus: together with external_ids, 1200 entries; give at most 1000"));
}

TEST(ValidatorTest, TheReferenceOfAModelMayBeGivenByKey) {
  EXPECT_THAT(Missing<Sale>("transaction_external_id: 'T' product_external_id: 'P' quantity: 1"),
              IsEmpty());
  // Whether both agree is known only where they are looked up.
  EXPECT_THAT(Wrong<Sale>("product_sku: 3 product_external_id: 'P'"), IsEmpty());
  EXPECT_THAT(Wrong<Sale>("product_external_id: ''"), SizeIs(1));
}

}  // namespace
}  // namespace clustr::schema
