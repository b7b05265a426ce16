#include "common/schema/refused_field.h"

#include <map>
#include <string>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "clustr/catalog/v1/customer_service.pb.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "clustr/sales/v1/sale_service.pb.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "common/base/errors.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clustr::schema {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// The metadata that are added to the error for `field` of the request with this text.
template <class Request>
std::map<std::string, std::string> Facts(const std::string& text, const std::string& field) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  const ErrorMetadata all = MetadataOf(WithFacts(FieldError(field, "is refused"), request));
  std::map<std::string, std::string> added(all.begin(), all.end());
  added.erase("field");
  return added;
}

template <class... Arguments>
auto OfPurchase(const Arguments&... arguments) {
  return Facts<sales::v1::RecordPurchaseRequest>(arguments...);
}

TEST(WithFactsTest, TellsTheValueOfEveryType) {
  EXPECT_THAT(OfPurchase("sales {} sales { product_sku: 7 }", "sales[1].product_sku"),
              ElementsAre(Pair("value", "7")));
  EXPECT_THAT(
      OfPurchase("transaction { transaction_amount: 0.005 }", "transaction.transaction_amount"),
      ElementsAre(Pair("value", "0.005")));
  EXPECT_THAT(
      OfPurchase("transaction { transaction_amount: nan }", "transaction.transaction_amount"),
      ElementsAre(Pair("value", "nan")));
  EXPECT_THAT(
      OfPurchase("transaction { purchase_date: '2024-02-30' }", "transaction.purchase_date"),
      ElementsAre(Pair("value", "2024-02-30")));
  EXPECT_THAT(OfPurchase("validate_only: true", "validate_only"),
              ElementsAre(Pair("value", "true")));
}

TEST(WithFactsTest, TellsTheBoundThatAValueIsBeyond) {
  EXPECT_THAT(OfPurchase("sales { quantity: -1 }", "sales[0].quantity"),
              ElementsAre(Pair("limit", "1"), Pair("value", "-1")));
  EXPECT_THAT(OfPurchase("sales { quantity: 1000001 }", "sales[0].quantity"),
              ElementsAre(Pair("limit", "1000000"), Pair("value", "1000001")));
  EXPECT_THAT(OfPurchase("sales { product_sku: 9007199254740992 }", "sales[0].product_sku"),
              ElementsAre(Pair("limit", "9007199254740991"), Pair("value", "9007199254740992")));
  EXPECT_THAT(
      OfPurchase("transaction { transaction_amount: -1 }", "transaction.transaction_amount"),
      ElementsAre(Pair("limit", "0"), Pair("value", "-1")));
  EXPECT_THAT(
      OfPurchase("transaction { transaction_amount: 1e10 }", "transaction.transaction_amount"),
      ElementsAre(Pair("limit", "10000000000"), Pair("value", "1e+10")));
  EXPECT_THAT(OfPurchase("", "sales"), ElementsAre(Pair("limit", "1")));
}

TEST(WithFactsTest, TellsTheUpperBoundThatALowerOneIsAbove) {
  const auto facts = [](const std::string& bounds, const std::string& field) {
    return Facts<bundles::v1::RecommendBundlesRequest>(bounds, field);
  };
  EXPECT_THAT(facts("constraints { min_total_price: 50 max_total_price: 10 }",
                    "constraints.min_total_price"),
              ElementsAre(Pair("limit", "10"), Pair("value", "50")));
  EXPECT_THAT(facts("population { start_date: '2024-02-02' end_date: '2024-01-31' }",
                    "population.start_date"),
              ElementsAre(Pair("limit", "2024-01-31"), Pair("value", "2024-02-02")));
  EXPECT_THAT(facts("constraints { min_total_price: 5 max_total_price: 10 }",
                    "constraints.min_total_price"),
              ElementsAre(Pair("value", "5")));
}

TEST(WithFactsTest, CutsLongTexts) {
  EXPECT_THAT(
      OfPurchase("transaction { channel: '" + std::string(257, 'x') + "' }", "transaction.channel"),
      ElementsAre(Pair("limit", "256"), Pair("value", std::string(40, 'x') + "…")));
}

TEST(WithFactsTest, KeepsPersonalDataToItself) {
  EXPECT_THAT(Facts<catalog::v1::CreateCustomerRequest>("customer { email: 'ann@example.org' }",
                                                        "customer.email"),
              ElementsAre());
  EXPECT_THAT(
      Facts<catalog::v1::CreateCustomerRequest>(
          "customer { first_name: '" + std::string(257, 'x') + "' }", "customer.first_name"),
      ElementsAre(Pair("limit", "256")));
}

// A filter may ask for an e-mail address, and a page token holds the values of the last row.
TEST(WithFactsTest, TellsNothingOfFiltersAndPageTokens) {
  catalog::v1::ListCustomersRequest request;
  request.set_filter("email = 'ann@example.org'");
  const absl::Status refused =
      FieldError("filter", "is bad", common::v1::ERROR_REASON_FILTER_INVALID);
  EXPECT_THAT(MetadataOf(WithFacts(refused, request)), ElementsAre(Pair("field", "filter")));
}

TEST(WithFactsTest, TellsNothingOfWhatIsNotThere) {
  for (const char* path :
       {"transaction", "transaction.customer_id", "sales[0]", "sales[1].quantity",
        "sales[x].quantity", "sales[-1].quantity", "no_such.field", "", "."}) {
    EXPECT_THAT(OfPurchase("sales {}", path), ElementsAre()) << path;
  }
}

TEST(WithFactsTest, KeepsWhatTheErrorSaysItself) {
  sales::v1::ReturnSaleRequest request;
  request.set_quantity(9);
  const absl::Status refused = FieldError("quantity", "9 is above 3",
                                          common::v1::ERROR_REASON_FIELD_INVALID, {{"limit", "3"}});
  EXPECT_THAT(MetadataOf(WithFacts(refused, request)),
              ::testing::UnorderedElementsAre(Pair("field", "quantity"), Pair("limit", "3"),
                                              Pair("value", "9")));
  EXPECT_EQ(WithFacts(absl::OkStatus(), request), absl::OkStatus());
}

}  // namespace
}  // namespace clustr::schema
