#include "tools/clustrctl/print/csv_rows.h"

#include <sstream>

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "clustr/bundles/v1/model_service.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clustr::ctl {
namespace {

template <class Row>
std::string Csv(const std::vector<const char*>& rows) {
  std::ostringstream out;
  CsvRows csv(Row::descriptor(), &out);
  for (const char* text : rows) {
    Row row;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &row)) << text;
    csv.Add(row);
  }
  return out.str();
}

TEST(CsvRowsTest, HasAColumnForEachFieldAndNothingWhereOneIsUnset) {
  const std::string csv = Csv<catalog::v1::Product>(
      {R"pb(product_sku: 7 product_name: "Tea, \"green\"" price: 12.5 in_stock: false)pb",
       R"pb(product_sku: 8 product_name: "two\nlines")pb"});
  EXPECT_TRUE(csv.starts_with("product_sku,product_name,category,brand,price,in_stock,unit_cost"))
      << csv;
  EXPECT_NE(csv.find("\n7,\"Tea, \"\"green\"\"\",,,12.5,false,,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\n8,\"two\nlines\",,,,,,"), std::string::npos) << csv;
}

TEST(CsvRowsTest, WithoutRowsThereIsTheHeader) {
  EXPECT_TRUE(Csv<catalog::v1::Product>({}).ends_with(",revision\n"));
}

TEST(CsvRowsTest, FlattensMessagesAndJoinsLists) {
  const std::string csv =
      Csv<bundles::v1::BundleRule>({R"pb(rule_id: 3
                                         antecedents: [ 1, 2 ]
                                         consequents: 4
                                         support: 0.005147
                                         measures { leverage: -0.25 p_value: 1e-12 }
                                         product_names: [ "a", "b; c", "=d" ])pb"});
  EXPECT_NE(csv.find(",measures.leverage,measures.conviction,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\n3,\"1,2\",4,0.005147,0,0,0,0,0,0,-0.25,,0,0,0,0,1e-12,0,0,a; b; c; =d,,\n"),
            std::string::npos)
      << csv;
}

TEST(CsvRowsTest, AnAbsentMessageLeavesItsColumnsEmpty) {
  const std::string csv = Csv<bundles::v1::BundleRule>({"rule_id: 3"});
  EXPECT_NE(csv.find("\n3,,,0,0,0,0,0,0,0,,,,,,,,,,,,\n"), std::string::npos) << csv;
}

TEST(CsvRowsTest, TimesAreOneValue) {
  const std::string csv = Csv<bundles::v1::Model>({"create_time { seconds: 86400 }"});
  EXPECT_NE(csv.find("1970-01-02T00:00:00Z"), std::string::npos) << csv;
}

TEST(CsvTextCellTest, KeepsSpreadsheetsFromRunningTexts) {
  EXPECT_EQ(CsvTextCell("=1+1"), "'=1+1");
  EXPECT_EQ(CsvTextCell("+49 30 1"), "'+49 30 1");
  EXPECT_EQ(CsvTextCell("-"), "'-");
  EXPECT_EQ(CsvTextCell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(CsvTextCell("\t=1"), "'\t=1");
  EXPECT_EQ(CsvTextCell("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(CsvTextCell("=HYPERLINK(\"x\",1)"), "\"'=HYPERLINK(\"\"x\"\",1)\"");
  EXPECT_EQ(CsvTextCell("1=1"), "1=1");
  EXPECT_EQ(CsvTextCell(""), "");
}

}  // namespace
}  // namespace clustr::ctl
