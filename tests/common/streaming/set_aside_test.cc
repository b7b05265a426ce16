#include "common/streaming/inspection/set_aside.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clustr::streaming {
namespace {

using catalog::v1::StreamCatalogResponse;
using sales::v1::StreamSalesResponse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

// One line of product 7.
std::string Purchase(int64_t id, int quantity) {
  return "changes { transaction_id: " + std::to_string(id) +
         " product_sku: 7 unit_price_cents: 100 quantity: " + std::to_string(quantity) + " } ";
}

std::string Removal(int64_t id) {
  return "changes { transaction_id: " + std::to_string(id) + " deleted: true } ";
}

class SetAsideTest : public ::testing::Test {
 protected:
  // What a follower gets of a message.
  std::string Sales(const std::string& text) {
    auto message = Parse<StreamSalesResponse>(text);
    EXPECT_EQ(set_aside_.Take(&message), "");
    return message.ShortDebugString();
  }
  std::string Catalog(const std::string& text) {
    auto message = Parse<StreamCatalogResponse>(text);
    EXPECT_EQ(set_aside_.Take(&message), "");
    return message.ShortDebugString();
  }
  static std::string Shown(const std::string& text) {
    return Parse<StreamSalesResponse>(text).ShortDebugString();
  }
  std::vector<std::string> Named() {
    ops::v1::Upstream upstream;
    set_aside_.Report(&upstream);
    EXPECT_EQ(upstream.set_aside_count(), upstream.set_aside_size());
    return {upstream.set_aside().begin(), upstream.set_aside().end()};
  }

  SetAside set_aside_;
};

TEST_F(SetAsideTest, RightRowsPassAsTheyAre) {
  const std::string rows = Purchase(1, 2) + Removal(2) + "revision: 5 head_revision: 6";
  EXPECT_EQ(Sales(rows), Shown(rows));
  EXPECT_THAT(Named(), IsEmpty());
}

TEST_F(SetAsideTest, AWrongRowBecomesItsRemovalAndTheOthersPass) {
  EXPECT_EQ(Sales(Purchase(1, 2) + Purchase(2, 0) + Purchase(3, 1)),
            Shown(Purchase(1, 2) + Removal(2) + Purchase(3, 1)));
  EXPECT_THAT(Named(), ElementsAre("purchase 2: quantity[0]: 0 is below 1"));
}

TEST_F(SetAsideTest, ARowThatIsMendedOrRemovedIsNotSetAsideAnyMore) {
  Sales(Purchase(1, -1) + Purchase(2, -2) + Purchase(3, -3));
  Sales(Purchase(3, 1) + Removal(1) + Purchase(2, -4));
  EXPECT_THAT(Named(), ElementsAre("purchase 2: quantity[0]: -4 is below 1"));
  set_aside_.Clear();
  EXPECT_THAT(Named(), IsEmpty());
}

// All of them are one entry, which nothing takes back: a shop without rows passed for a right one.
TEST_F(SetAsideTest, OfAMessageWithAChangeThatNamesNoRowNothingMayBeUsed) {
  auto sales = Parse<StreamSalesResponse>(Purchase(1, 0) + Purchase(0, 1));
  EXPECT_EQ(set_aside_.Take(&sales),
            "changes[1].transaction_id: 0 is not an id from 1 to 9007199254740991");
  sales = Parse<StreamSalesResponse>(Removal(-1));
  EXPECT_EQ(set_aside_.Take(&sales),
            "changes[0].transaction_id: -1 is not an id from 1 to 9007199254740991");
  auto catalog = Parse<StreamCatalogResponse>("changes { }");
  EXPECT_EQ(set_aside_.Take(&catalog), "changes[0].row: is not set");
  catalog = Parse<StreamCatalogResponse>("changes { deleted_customer_id: 0 }");
  EXPECT_EQ(set_aside_.Take(&catalog),
            "changes[0].deleted_customer_id: 0 is not an id from 1 to 9007199254740991");
  EXPECT_THAT(Named(), IsEmpty());
}

TEST_F(SetAsideTest, EachKindOfRowOfCatalog) {
  EXPECT_EQ(Catalog("changes { product { product_sku: 1 price: -1 } } "
                    "changes { timeframe { time_id: 1 date: 'today' } } "
                    "changes { customer { customer_id: 1 } } "
                    "changes { deleted_customer_id: 2 }"),
            "changes { deleted_product_sku: 1 } changes { deleted_time_id: 1 } "
            "changes { customer { customer_id: 1 } } changes { deleted_customer_id: 2 }");
  EXPECT_THAT(Named(), ElementsAre("product 1: product.price: -1 is not an amount of money",
                                   "timeframe 1: timeframe.date: \"today\" is not a day"));
}

TEST_F(SetAsideTest, EachKindIsCountedByItself) {
  Catalog(
      "changes { product { product_sku: 1 price: -1 } } "
      "changes { product { product_sku: 2 price: -1 } } "
      "changes { product { product_sku: 2 price: -2 } } "
      "changes { timeframe { time_id: 1 date: 'today' } }");
  EXPECT_EQ(set_aside_.count(RowKind::kProduct), 2);
  EXPECT_EQ(set_aside_.count(RowKind::kTimeframe), 1);
  EXPECT_EQ(set_aside_.count(RowKind::kCustomer), 0);
  Catalog("changes { product { product_sku: 1 price: 1 } } changes { deleted_product_sku: 3 }");
  EXPECT_EQ(set_aside_.count(RowKind::kProduct), 1);
  set_aside_.Clear();
  EXPECT_EQ(set_aside_.count(RowKind::kProduct), 0);
}

TEST_F(SetAsideTest, AllAreCountedAndTheFirstNamed) {
  std::string rows;
  for (int id = 1'500; id >= 1; --id) rows += Purchase(id, 0);
  Sales(rows);
  ops::v1::Upstream upstream;
  set_aside_.Report(&upstream);
  EXPECT_EQ(upstream.set_aside_count(), 1'500);
  ASSERT_EQ(upstream.set_aside_size(), SetAside::kMaxNamed);
  EXPECT_EQ(upstream.set_aside(0), "purchase 1") << "not among the first thousand reasons";
}

TEST_F(SetAsideTest, BeyondTheLimitNothingIsBelieved) {
  SetAside two(2);
  auto message = Parse<StreamSalesResponse>(Purchase(1, 0) + Purchase(2, 0));
  EXPECT_EQ(two.Take(&message), "");
  message = Parse<StreamSalesResponse>(Purchase(3, 0));
  EXPECT_EQ(two.Take(&message), "changes: more than 2 rows of this stream are wrong");
  message = Parse<StreamSalesResponse>(Purchase(1, 1) + Purchase(4, 1));
  EXPECT_EQ(two.Take(&message), "") << "what is right is still taken";
  message = Parse<StreamSalesResponse>(Purchase(3, 0));
  EXPECT_EQ(two.Take(&message), "");
}

}  // namespace
}  // namespace clustr::streaming
