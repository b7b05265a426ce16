#include "common/importing/json_rows.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::importing {
namespace {

using catalog::v1::Product;
using common::v1::RowError;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class JsonRowsTest : public ::testing::Test {
 protected:
  ~JsonRowsTest() override { std::filesystem::remove(path_); }

  absl::StatusOr<std::unique_ptr<RowSource>> Open(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
    return JsonRows::Open(path_, *Product::descriptor());
  }

  // Why `line`, given after a good row, is refused; empty if it is accepted.
  std::string Refusal(const std::string& line) {
    const auto rows = Open("{\"product_sku\": 1, \"price\": 1}\n" + line + "\n");
    Product product;
    RowError error;
    size_t bytes = 0;
    EXPECT_TRUE((*rows)->Next(&product, &error, &bytes).value());
    product.Clear();
    EXPECT_TRUE((*rows)->Next(&product, &error, &bytes).value());
    EXPECT_EQ(error.row(), 2);
    return error.violations_size() == 0 ? "" : error.violations(0).description();
  }

  const std::string path_ = ::testing::TempDir() + "/json_rows_test.jsonl";
};

TEST_F(JsonRowsTest, ReadsRowsByTheFieldsOfTheFirstLine) {
  const auto rows = Open(
      "\xEF\xBB\xBF{\"product_sku\": 9007199254740991, \"product_name\": \"Caf\\u00e9 \\\"x\\\"\", "
      "\"unit_cost\": null, \"in_stock\": true}\r\n"
      "\n"
      "{\"inStock\": false, \"unitCost\": 0.3, \"productSku\": \"2\", \"product_name\": \"\"}");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT((*rows)->MaskPaths(), ElementsAre("product_name", "in_stock", "unit_cost"));
  Product product;
  RowError error;
  size_t bytes = 0;
  ASSERT_TRUE((*rows)->Next(&product, &error, &bytes).value());
  EXPECT_EQ(product.product_sku(), 9007199254740991);
  EXPECT_EQ(product.product_name(), "Café \"x\"");
  EXPECT_FALSE(product.has_unit_cost());
  EXPECT_TRUE(product.in_stock());
  product.Clear();
  ASSERT_TRUE((*rows)->Next(&product, &error, &bytes).value());
  EXPECT_EQ(error.row(), 2);
  EXPECT_EQ(error.violations_size(), 0);
  EXPECT_EQ(product.product_sku(), 2);
  EXPECT_EQ(product.unit_cost(), 0.3);
  EXPECT_FALSE((*rows)->Next(&product, &error, &bytes).value());
}

TEST_F(JsonRowsTest, AUniqueTextMayReplaceTheId) {
  const auto rows = Open("{\"external_id\": \"A-1\", \"price\": 1}\n");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT((*rows)->MaskPaths(), ElementsAre("price", "external_id"));
}

TEST_F(JsonRowsTest, RefusesAFileByItsFirstLine) {
  EXPECT_THAT(std::string(Open("[1]\n").status().message()),
              HasSubstr("\"[1]\" is not a JSON object"));
  EXPECT_THAT(std::string(Open("{\"colour\": 1}\n").status().message()),
              HasSubstr("\"colour\" is not an input field of Product"));
  EXPECT_THAT(std::string(Open("{\"product_sku\": 1, \"revision\": 1}\n").status().message()),
              HasSubstr("\"revision\" is not an input field of Product"));
  EXPECT_THAT(std::string(Open("{\"price\": 1}\n").status().message()),
              HasSubstr("product_sku is missing"));
  EXPECT_THAT(std::string(Open("{\"product_sku\": 1, \"brand\": \"\xE9\"}\n").status().message()),
              HasSubstr("first line: is not UTF-8; save the file in that encoding"));
  EXPECT_TRUE(absl::IsNotFound(JsonRows::Open(path_ + "x", *Product::descriptor()).status()));
}

TEST_F(JsonRowsTest, RefusesABadRowAndContinues) {
  EXPECT_EQ(Refusal("{\"product_sku\": 2, \"price\": 2}"), "");
  EXPECT_THAT(Refusal("{\"product_sku\": 2}"), HasSubstr("name the same fields in every line"));
  EXPECT_THAT(Refusal("{\"product_sku\": 2, \"price\": 2, \"productSku\": 3}"),
              HasSubstr("named twice"));
  EXPECT_THAT(Refusal("{\"product_sku\": 2.5, \"price\": 2}"), HasSubstr("product_sku"));
  EXPECT_THAT(Refusal("{\"product_sku\": 2, \"price\": \"x\"}"), HasSubstr("price"));
  EXPECT_THAT(Refusal("{\"product_sku\": 2, \"price\": 2"), HasSubstr("not a JSON object"));
  EXPECT_THAT(Refusal("{\"product_sku\": 2, \"price\": \"\xE9\"}"), HasSubstr("is not UTF-8"));
  EXPECT_THAT(
      Refusal(absl::StrCat("{\"product_sku\": 2, \"price\": 2", std::string(5 << 20, ' '), "}")),
      HasSubstr("longer than 1 MiB"));
}

TEST_F(JsonRowsTest, AnEmptyFileHasNoRows) {
  const auto rows = Open("\n \n");
  Product product;
  RowError error;
  size_t bytes = 0;
  EXPECT_FALSE((*rows)->Next(&product, &error, &bytes).value());
}

}  // namespace
}  // namespace clustr::importing
