#include "tools/clustrctl/files/batch_reader.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::ctl {
namespace {

using catalog::v1::ImportProductsRequest;
using catalog::v1::Product;
using ::testing::HasSubstr;

class BatchReaderTest : public ::testing::Test {
 protected:
  BatchReaderTest() { std::filesystem::create_directories(folder_); }
  ~BatchReaderTest() override { std::filesystem::remove_all(folder_); }

  absl::StatusOr<std::optional<TableFile>> Open(const std::string& content) {
    std::ofstream(folder_ + "/products.csv") << content;
    return OpenTableFile(folder_, *Product::descriptor());
  }

  const std::string folder_ = ::testing::TempDir() + "/batch_reader_test";
};

TEST_F(BatchReaderTest, FillsBatchesAndReportsBadRowsByTheirNumberInTheFile) {
  std::string content = "product_sku,product_name,price\n";
  for (int i = 1; i <= 2500; ++i) {
    absl::StrAppend(&content, i, ",Tee,", i == 3 || i == 2000 ? "x" : "1.5", "\n");
  }
  BatchReader reader(**Open(content));
  ImportProductsRequest request;
  std::vector<int> sizes;
  while (*reader.Fill(&request)) sizes.push_back(request.products_size());
  EXPECT_THAT(sizes, ::testing::ElementsAre(1000, 1000, 498));

  common::v1::ImportSummary summary;
  summary.set_failed_count(2);
  summary.add_errors()->set_row(2);     // Before the first bad row.
  summary.add_errors()->set_row(1999);  // After both.
  reader.MergeInto(&summary);
  EXPECT_EQ(summary.failed_count(), 4);
  ASSERT_EQ(summary.errors_size(), 4);
  EXPECT_EQ(summary.errors(0).row(), 2);
  EXPECT_EQ(summary.errors(1).row(), 3);
  EXPECT_THAT(summary.errors(1).violations(0).description(), HasSubstr("\"x\" is not a number"));
  EXPECT_EQ(summary.errors(2).row(), 2000);
  EXPECT_EQ(summary.errors(3).row(), 2001);
}

TEST_F(BatchReaderTest, EndsABatchOfLongRowsEarly) {
  std::string content = "product_sku,product_name,price\n";
  for (int i = 1; i <= 1000; ++i) {
    absl::StrAppend(&content, i, ",", std::string(10'000, 'x'), ",1.5\n");
  }
  BatchReader reader(**Open(content));
  ImportProductsRequest request;
  while (*reader.Fill(&request)) EXPECT_LT(request.ByteSizeLong(), 2u << 20);
  EXPECT_EQ(reader.rows_filled(), 1000);
}

TEST_F(BatchReaderTest, ReportsTheFirstHundredErrorsAndCountsAll) {
  std::string content = "product_sku,product_name,price\n";
  for (int i = 1; i <= 250; ++i) absl::StrAppend(&content, i, ",Tee\n");
  BatchReader reader(**Open(content));
  ImportProductsRequest request;
  EXPECT_FALSE(*reader.Fill(&request));
  common::v1::ImportSummary summary;
  reader.MergeInto(&summary);
  EXPECT_EQ(summary.failed_count(), 250);
  EXPECT_EQ(summary.errors_size(), 100);
}

TEST_F(BatchReaderTest, RefusesAFileWithAnUnknownColumnByName) {
  const auto file = Open("product_sku,product_name,price,colour\n");
  EXPECT_EQ(file.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("products.csv: column \"colour\""));
}

TEST_F(BatchReaderTest, RefusesTwoFilesOfOneTable) {
  std::ofstream(folder_ + "/products.csv.gz") << "";
  EXPECT_THAT(std::string(Open("product_sku,product_name,price\n").status().message()),
              HasSubstr("both exist"));
}

TEST_F(BatchReaderTest, FindsNothingInAnEmptyFolder) {
  EXPECT_FALSE(OpenTableFile(folder_, *Product::descriptor())->has_value());
}

}  // namespace
}  // namespace clustr::ctl
