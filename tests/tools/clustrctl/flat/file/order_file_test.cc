#include "tools/clustrctl/flat/file/order_file.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OrderFileTest : public ::testing::Test {
 protected:
  ~OrderFileTest() override { std::filesystem::remove(path_); }

  absl::StatusOr<OrderFile> Open(const std::string& content,
                                 std::optional<DayOrder> day_order = std::nullopt) {
    std::ofstream(path_, std::ios::binary) << content;
    return OrderFile::Open(path_, {}, day_order);
  }

  void Read(const std::string& content) {
    absl::StatusOr<OrderFile> file = Open(content);
    ASSERT_TRUE(file.ok()) << file.status();
    const absl::Status status = file->Read([](int64_t, int64_t) {}, &book_, &refusals_);
    EXPECT_TRUE(status.ok()) << status;
  }
  // Reads rows with the columns order, product, quantity, price, date, customer, description.
  void ReadRows(const std::string& rows) {
    Read("order,product,quantity,price,date,customer,description\n" + rows);
  }

  // The refused rows as `row field: why; field: why`.
  std::vector<std::string> Refused() const {
    std::vector<std::string> texts;
    for (const auto& error : refusals_.First()) {
      texts.push_back(absl::StrCat(error.row(), " "));
      for (const auto& violation : error.violations()) {
        absl::StrAppend(&texts.back(), &violation == &error.violations(0) ? "" : "; ",
                        violation.field(), violation.field().empty() ? "" : ": ",
                        violation.description());
      }
    }
    return texts;
  }

  // The orders as `order customer day: product*quantity@cents,...`.
  std::vector<std::string> Orders() const {
    std::vector<std::string> texts;
    for (uint32_t i = 0; i < book_.orders.size(); ++i) {
      const FlatOrder& order = book_.orders[i];
      if (!order.has_day) continue;
      const std::string customer =
          order.customer == CodeBook::kNone ? "nobody" : book_.customer_codes.text(order.customer);
      texts.push_back(
          absl::StrCat(book_.order_codes.text(i), " ", customer, " ", order.day, ": ",
                       absl::StrJoin(order.lines, ",", [&](std::string* out, const FlatLine& line) {
                         absl::StrAppend(out, book_.product_codes.text(line.product), "*",
                                         line.quantity, "@", line.price_cents);
                       })));
    }
    return texts;
  }

  const std::string path_ = ::testing::TempDir() + "/flat_order_file_test.csv";
  OrderBook book_;
  Refusals refusals_;
};

TEST_F(OrderFileTest, GroupsLinesIntoOrdersWhateverTheirSequence) {
  ReadRows(
      "A1,tea,2,2.5,1970-01-02,ann,Tea\n"
      "A2,mug,1,6,1970-01-03,bob,Mug\n"
      "A1, mug ,1,5.99,1970-01-02 17:00,ann,Mug\n"
      "A1,tea,2,2.50,,,\n");
  EXPECT_THAT(Refused(), IsEmpty());
  EXPECT_THAT(Orders(),
              ElementsAre("A1 ann 1: tea*2@250,mug*1@599,tea*2@250", "A2 bob 2: mug*1@600"));
  EXPECT_EQ(book_.rows, 4);
  EXPECT_EQ(book_.orders[0].lines[1].row, 3u);
}

TEST_F(OrderFileTest, AProductHasItsMostFrequentNameAndItsLatestPrice) {
  ReadRows(
      "A1,tea,1,3,1970-01-05,ann,damaged\n"
      "A2,tea,1,2,1970-01-02,ann,Tea\n"
      "A3,tea,1,0,1970-01-09,ann,Tea\n"
      "A3,mug,1,0,1970-01-09,ann,\n");
  EXPECT_EQ(book_.NameOf(0), "Tea");
  EXPECT_EQ(book_.products[0].price_cents, 300);
  EXPECT_EQ(book_.NameOf(1), "mug");
  EXPECT_EQ(book_.products[1].price_cents, 0);
}

TEST_F(OrderFileTest, ACustomerWithAnEmptyFractionIsTheOneWithoutIt) {
  ReadRows(
      "A1,tea,1,3,1970-01-05,17850,\n"
      "A2,tea,1,3,1970-01-05,17850.0,\n"
      "A3,tea,1,3,1970-01-05,17850.00,\n"
      "A4,tea,1,3,1970-01-05,.0,\n"
      "A5.0,tea,1,3,1970-01-05,,\n");
  EXPECT_THAT(Orders(), ElementsAre("A1 17850 4: tea*1@300", "A2 17850 4: tea*1@300",
                                    "A3 17850.00 4: tea*1@300", "A4 .0 4: tea*1@300",
                                    "A5.0 nobody 4: tea*1@300"));
}

TEST_F(OrderFileTest, NegativeQuantitiesAreReturns) {
  ReadRows("C1,tea,-2,2.5,1970-01-02,ann,Tea\n");
  ASSERT_EQ(book_.returns.size(), 1u);
  EXPECT_EQ(book_.returns[0].quantity, 2);
  EXPECT_EQ(book_.returns[0].row, 1u);
  EXPECT_THAT(Orders(), ElementsAre("C1 ann 1: "));
}

TEST_F(OrderFileTest, RefusesEachBadRowWithFieldValueAndRemedyAndReadsTheOthers) {
  const std::string good = ",tea,1,3,1970-01-05,ann,Tea\n";
  ReadRows("A1" + good + "A2,tea,1\n" + good + "A3,,x,,1970-02-30,ann,\n" +
           "A4,tea,0,3,1970-01-05,ann,\n" + "A5,tea,1.5,3,1970-01-05,ann,\n" +
           "A6,tea,1,-3,1970-01-05,ann,\n" + "A7,tea,1,0.005,1970-01-05,ann,\n" +
           "A8,tea,-2147483648,3,1970-01-05,ann,\n" + "A9,tea,1,3,,ann,\n" +
           "A1,tea,1,3,1970-01-06,bob,\n" + "A10,tea,1,3,5/1/1970,ann,\n" + std::string(257, 'x') +
           good + "A\x80" + good + "A11,\"a\nb\",1,3,1970-01-05,ann,\n" + "A12" + good);
  EXPECT_THAT(
      Refused(),
      ElementsAre(
          "2 has 3 cells where the header has 7; complete the row, and put a cell with a comma "
          "into "
          "quotes",
          "3 order: is empty; give the order",
          "4 product: is empty; give the product; quantity: \"x\" is not a whole number; give for "
          "example 42; price: is empty; give the price; date: \"1970-02-30\" is day 30 of month 2 "
          "of 1970, which does not exist; give a day that exists",
          "5 quantity: \"0\" is not a quantity; give at least 1, or less than 0 for a return",
          "6 quantity: \"1.5\" is not a whole number; give for example 42",
          "7 price: -3 is below 0; give at least 0",
          "8 price: 0.005 has a fraction of a cent; give at most two decimals",
          "9 quantity: 2147483647 is above 1000000; give at most 1000000",
          "10 date: is empty, and no earlier row of the order has one; give the date",
          "11 date: 1970-01-06 differs from the order's earlier rows, which have 1970-01-05; give "
          "that date, or another order; customer: \"bob\" differs from the order's earlier rows, "
          "which have \"ann\"; give that customer, or another order",
          "12 date: \"5/1/1970\" does not begin with the year; give YYYY-MM-DD, or choose "
          "--date-format=mdy or --date-format=dmy",
          "13 order: \"" + std::string(40, 'x') + "…\" has 257 characters; give at most 256",
          "14 order: is not UTF-8; save the file in that encoding",
          "15 product: contains a line break inside quotes; remove it"));
  EXPECT_THAT(Orders(), ElementsAre("A1 ann 4: tea*1@300", "A12 ann 4: tea*1@300"));
  EXPECT_EQ(refusals_.count(), 14);
  EXPECT_EQ(book_.rows, 16);
}

TEST_F(OrderFileTest, KeepsTheFirstHundredRefusalsAndCountsAll) {
  std::string rows;
  for (int i = 0; i < 450; ++i) rows += "A1,tea,0,3,1970-01-05,ann,\n";
  ReadRows(rows);
  EXPECT_EQ(refusals_.count(), 450);
  ASSERT_EQ(refusals_.First().size(), 100u);
  EXPECT_EQ(refusals_.First()[99].row(), 100);
}

TEST_F(OrderFileTest, ReadsSemicolonsAndTabs) {
  Read("order;product;quantity;price;date\nA1;t,ea;1;3;1970-01-05\n");
  EXPECT_THAT(Orders(), ElementsAre("A1 nobody 4: t,ea*1@300"));
  Read("order\tproduct\tquantity\tprice\tdate\nA2\tmug\t1\t3\t1970-01-05\n");
  EXPECT_EQ(Orders().size(), 2u);
}

TEST_F(OrderFileTest, DatesOfUciBeginWithTheMonthByDefault) {
  const std::string content =
      "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n1,tea,1,1/2/1970 8:26,3\n";
  Read(content);
  EXPECT_THAT(Orders(), ElementsAre("1 nobody 1: tea*1@300"));
  absl::StatusOr<OrderFile> file = Open(content, DayOrder::kDayFirst);
  OrderBook book;
  EXPECT_TRUE(file->Read([](int64_t, int64_t) {}, &book, &refusals_).ok());
  EXPECT_EQ(book.orders[0].day, 31);
}

TEST_F(OrderFileTest, AFileThatCannotBeReadIsRefused) {
  EXPECT_EQ(OrderFile::Open("/no/such/file", {}, std::nullopt).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Open("").status().message(),
            path_ + ": the file is empty; its first row names the columns");
  EXPECT_EQ(Open("order,product\n").status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace clustr::ctl
