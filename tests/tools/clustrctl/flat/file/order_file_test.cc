#include "tools/clustrctl/flat/file/order_file.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::ctl {
namespace {

// What files/ cannot say: figures of the book, many rows, and files that are no files.
class OrderFileTest : public ::testing::Test {
 protected:
  ~OrderFileTest() override { std::filesystem::remove(path_); }

  absl::StatusOr<std::unique_ptr<OrderFile>> Open(const std::string& content,
                                                  FileSettings settings = {}) {
    std::ofstream(path_, std::ios::binary) << content;
    return OrderFile::Open(path_, std::move(settings));
  }

  // Reads rows with the columns order, product, quantity, price, date, customer, description.
  void ReadRows(const std::string& rows) {
    const auto file = Open("order,product,quantity,price,date,customer,description\n" + rows);
    ASSERT_TRUE(file.ok()) << file.status();
    const absl::Status status = (*file)->Read([](int64_t, int64_t) {}, &book_, &refusals_);
    EXPECT_TRUE(status.ok()) << status;
  }

  const std::string path_ = ::testing::TempDir() + "/flat_order_file_test.csv";
  OrderBook book_;
  Refusals refusals_;
};

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

TEST_F(OrderFileTest, KeepsTheFirstHundredRefusalsCountsAllAndGroupsThem) {
  std::string rows;
  for (int i = 0; i < 450; ++i) {
    absl::StrAppend(&rows, "A1,tea,", i % 3 == 0 ? "x" : "0", ",3,1970-01-05,ann,\n");
  }
  ReadRows(rows);
  EXPECT_EQ(refusals_.count(), 450);
  ASSERT_EQ(refusals_.First().size(), 100u);
  EXPECT_EQ(refusals_.First()[99].row(), 100);
  const auto groups = refusals_.Groups();
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].count, 300);
  EXPECT_EQ(groups[0].first_row, 2);
  EXPECT_EQ(groups[1].description, "\"x\" is not a whole number; give for example 42");
}

TEST_F(OrderFileTest, KnowsTheLineOfEachRow) {
  ReadRows(
      "A1,tea,1,3,1970-01-05,ann,\"Tea\n\nblue\"\n"
      "\n"
      "A2,tea,1,3,1970-01-05,ann,\n"
      "A3,tea,1,3,1970-01-05,ann,\n");
  EXPECT_EQ(book_.line_numbers.LineOf(1), 2);
  EXPECT_EQ(book_.line_numbers.LineOf(2), 6);
  EXPECT_EQ(book_.line_numbers.LineOf(3), 7);
}

TEST_F(OrderFileTest, AllRowsAreReturnsThatTheUserCallsSo) {
  for (const char* column : {"Refund No", "refunded at", "Note"}) {
    std::string rows = absl::StrCat("order,product,quantity,price,date,customer,", column, "\n");
    for (int i = 1; i <= 1300; ++i) {
      absl::StrAppend(&rows, i, ",tea,1,3,1970-01-05,ann,", i % 2 == 0 ? absl::StrCat("R-", i) : "",
                      "\n");
    }
    FileSettings settings;
    settings.return_where = {{column, /*is_one_of=*/false, {""}}};
    const auto file = Open(rows, settings);
    ASSERT_TRUE(file.ok()) << file.status();
    OrderBook book;
    ASSERT_TRUE((*file)->Read([](int64_t, int64_t) {}, &book, &refusals_).ok());
    EXPECT_EQ(book.return_rows(), 650) << column;
    EXPECT_EQ(book.skipped(), 0) << column;
  }
}

TEST_F(OrderFileTest, TheGuestMayBeWrittenInAnyCase) {
  ReadRows(
      "A1,tea,1,3,1970-01-05,Guest,\n"
      "A2,tea,1,3,1970-01-05,guest,\n"
      "A3,tea,1,3,1970-01-05,ann,\n"
      "A1,tea,-1,3,1970-01-06,Guest,\n");
  book_.FoldGuests("guest");
  EXPECT_EQ(book_.orders[0].customer, CodeBook::kNone);
  EXPECT_EQ(book_.orders[1].customer, CodeBook::kNone);
  EXPECT_EQ(book_.orders[2].customer, book_.customer_codes.Find("ann"));
  EXPECT_EQ(book_.returns[0].customer, CodeBook::kNone);
  EXPECT_EQ(book_.notes.count(Note::kGuestWord), 1);
}

TEST_F(OrderFileTest, AFileThatCannotBeReadIsRefused) {
  const auto refusal = [](const std::string& path) {
    const absl::Status status = OrderFile::Open(path, {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    return std::string(status.message());
  };
  EXPECT_EQ(refusal("/no/such/file"), "/no/such/file cannot be opened: No such file or directory");
  EXPECT_THAT(refusal("/tmp"), ::testing::HasSubstr("/tmp is a folder; give the file"));
}

}  // namespace
}  // namespace clustr::ctl
