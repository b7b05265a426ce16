#include "tools/clustrctl/files/row_writer.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "clustr/catalog/v1/product.pb.h"
#include "common/importing/csv_reader.h"
#include "common/importing/row_parser.h"
#include "common/schema/annotations.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace clustr::ctl {
namespace {

using catalog::v1::Product;

Product Parse(const std::string& text) {
  Product product;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &product));
  return product;
}

class RowWriterTest : public ::testing::Test {
 protected:
  const std::string path_ = ::testing::TempDir() + "/row_writer_test.csv";
};

// Importing an export changes nothing: every field is read back, set or unset.
TEST_F(RowWriterTest, TheReaderReadsBackWhatWasWritten) {
  const std::vector<Product> products = {
      Parse("product_sku: 1 product_name: 'Crew Tee' price: 29.78 in_stock: true unit_cost: 0.1"),
      Parse("product_sku: 9007199254740991 product_name: 'a, \"b\"' category: '' price: 1e9"),
      Parse("product_sku: 3 product_name: ' Tée 東 😀 ' brand: 'x' price: 0 in_stock: false"),
  };
  auto writer = RowWriter::Create(path_, schema::InputFields(*Product::descriptor()));
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (const Product& product : products) ASSERT_TRUE(writer->Write(product).ok());
  ASSERT_TRUE(writer->Close().ok());

  auto reader = importing::CsvReader::Open(path_);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto columns = importing::CsvColumns::Bind(*Product::descriptor(), reader->header());
  ASSERT_TRUE(columns.ok()) << columns.status();
  importing::CsvRow row;
  for (const Product& product : products) {
    ASSERT_TRUE(*reader->Next(&row));
    Product copy;
    common::v1::RowError error;
    ASSERT_TRUE(columns->Parse(row.cells, &copy, &error)) << error.DebugString();
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(copy, product))
        << copy.DebugString() << product.DebugString();
  }
  EXPECT_FALSE(*reader->Next(&row));
}

TEST_F(RowWriterTest, QuotesOnlyCellsThatNeedIt) {
  auto writer = RowWriter::Create(
      path_, FieldsByNumber(*Product::descriptor(),
                            {Product::kProductNameFieldNumber, Product::kCategoryFieldNumber,
                             Product::kPriceFieldNumber}));
  ASSERT_TRUE(writer->Write(Parse("product_name: 'a \"b\", c' price: 32.5")).ok());
  ASSERT_TRUE(writer->Write(Parse("product_name: 'd' category: ''")).ok());
  ASSERT_TRUE(writer->Close().ok());
  std::stringstream content;
  content << std::ifstream(path_).rdbuf();
  EXPECT_EQ(content.str(), "product_name,category,price\n\"a \"\"b\"\", c\",,32.5\nd,\"\",\n");
}

// Found by table_file_fuzz: the number of a field without presence was left out altogether.
TEST_F(RowWriterTest, WritesNullForAnUnsetIdInJson) {
  auto writer = RowWriter::Create(
      path_,
      FieldsByNumber(*Product::descriptor(),
                     {Product::kProductSkuFieldNumber, Product::kProductNameFieldNumber}),
      RowFormat::kJsonLines);
  ASSERT_TRUE(writer->Write(Parse("product_name: 'd'")).ok());
  ASSERT_TRUE(writer->Close().ok());
  std::stringstream content;
  content << std::ifstream(path_).rdbuf();
  EXPECT_EQ(content.str(), "{\"product_sku\":null,\"product_name\":\"d\"}\n");
}

TEST_F(RowWriterTest, LeavesNothingBehindUnlessClosed) {
  std::filesystem::remove(path_);
  {
    auto writer = RowWriter::Create(path_, schema::InputFields(*Product::descriptor()));
    ASSERT_TRUE(writer->Write(Parse("product_sku: 1")).ok());
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(RowWriterTest, AMissingFolderIsDataLoss) {
  const auto writer = RowWriter::Create("/nonexistent/x.csv", {});
  EXPECT_EQ(writer.status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace clustr::ctl
