#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/edited_model.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::Message;
using ::testing::ElementsAre;
using testing::IsOk;
using testing::ReadInteger;

// Databases as earlier versions left them, as SQL in golden/: 1 is the first schema of all, 2 has
// external ids, 3 has indexes for lists, 4 is of database format 1, with an identity, 5 is of
// format 2, and 6 has guests. whole.upgrade_test opens 5 and 6 with real servers.
constexpr int kSchemas = 4;

class GoldenUpgradeTest : public ::testing::Test {
 protected:
  std::string MakeDatabase(const std::string& service, int schema) {
    const std::string name = absl::StrCat(service, "_", schema, ".db");
    const std::string sql =
        absl::StrCat(CLUSTR_GOLDEN_DATABASES, "/", service, "_", schema, ".sql");
    EXPECT_EQ(std::system(absl::StrCat("sqlite3 '", folder_.File(name), "' < '", sql, "'").c_str()),
              0);
    return folder_.DatabaseUrl(name);
  }

  std::unique_ptr<Store> Open(const std::string& url,
                              const std::vector<const Descriptor*>& models) {
    auto store = Store::Open(url, models, 1, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }

  template <class Model>
  static std::vector<std::string> Rows(Store& store) {
    const Table table(*Model::descriptor());
    std::vector<Model> rows;
    const absl::Status read = store.Read([&](Session& session) {
      table.Select(session, {}, [&] { return &rows.emplace_back(); });
      return absl::OkStatus();
    });
    EXPECT_THAT(read, IsOk());
    std::vector<std::string> texts;
    for (const Model& row : rows) texts.push_back(row.ShortDebugString());
    return texts;
  }

  testing::TempFolder folder_;
  ThreadPool pool_{2};
};

TEST_F(GoldenUpgradeTest, CatalogKeepsAllRowsOfEachSchema) {
  for (int schema = 1; schema <= kSchemas; ++schema) {
    const std::string url = MakeDatabase("catalog", schema);
    for (int start = 0; start < 2; ++start) {
      const auto store =
          Open(url, {catalog::v1::Product::descriptor(), catalog::v1::Customer::descriptor(),
                     catalog::v1::Timeframe::descriptor()});
      EXPECT_THAT(Rows<catalog::v1::Product>(*store),
                  ElementsAre("product_sku: 1 product_name: \"Cap\" category: \"Hats\" price: 5.25 "
                              "in_stock: true revision: 1",
                              "product_sku: 2 product_name: \"Sock\" price: 1 revision: 2"))
          << schema;
      EXPECT_THAT(Rows<catalog::v1::Customer>(*store),
                  ElementsAre("customer_id: 1 first_name: \"Ada\" last_name: \"L\" age: 36 "
                              "revision: 3"))
          << schema;
      EXPECT_THAT(Rows<catalog::v1::Timeframe>(*store),
                  ElementsAre("time_id: 1 date: \"2024-01-02\" day: 2 month: 1 year: 2024 "
                              "revision: 4"))
          << schema;
      EXPECT_EQ(store->head_revision(), 5);
      EXPECT_TRUE(store->CanResume("00112233445566778899aabbccddeeff", 5));
      EXPECT_EQ(store->RowCount("products"), 2);
      EXPECT_TRUE(store->Problems().empty());
    }
  }
}

TEST_F(GoldenUpgradeTest, SalesKeepsAllRowsOfEachSchema) {
  for (int schema = 1; schema <= kSchemas; ++schema) {
    const auto store = Open(MakeDatabase("sales", schema),
                            {sales::v1::Transaction::descriptor(), sales::v1::Sale::descriptor()});
    EXPECT_THAT(Rows<sales::v1::Transaction>(*store),
                ElementsAre("transaction_id: 1 customer_id: 1 time_id: 1 transaction_amount: 10.5 "
                            "lines_total: 10.5 purchase_date: \"2024-01-02\" revision: 1"))
        << schema;
    EXPECT_THAT(Rows<sales::v1::Sale>(*store),
                ElementsAre("sale_id: 1 transaction_id: 1 product_sku: 1 quantity: 2 "
                            "unit_price: 5.25 line_total: 10.5 returned_quantity: 1 "
                            "net_total: 5.25 revision: 1"))
        << schema;
  }
}

TEST_F(GoldenUpgradeTest, BundlesKeepsItsRulesOfEachSchema) {
  for (int schema = 1; schema <= kSchemas; ++schema) {
    const auto store =
        Open(MakeDatabase("bundles", schema), {bundles::v1::BundleRule::descriptor()});
    EXPECT_EQ(ReadInteger(*store, "SELECT rule_id FROM bundle_rules"), 7) << schema;
    EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM bundle_rules"), 1) << schema;
  }
}

// A server of format 1 compares the recorded format with its own and refuses a greater one; this
// holds what it finds.
TEST_F(GoldenUpgradeTest, AnUpgradedDatabaseSaysThatOlderServersMustNotWriteIt) {
  const auto store = Open(MakeDatabase("catalog", 4),
                          {catalog::v1::Product::descriptor(), catalog::v1::Customer::descriptor(),
                           catalog::v1::Timeframe::descriptor()});
  EXPECT_GT(ReadInteger(*store,
                        "SELECT CAST(value AS INTEGER) FROM clustr_identity WHERE name = 'format'"),
            1);
}

// A rolling upgrade: while the old version writes, nothing of the new one is there; then the new
// version opens the database, finds what was written to the last moment, and writes on.
TEST_F(GoldenUpgradeTest, FieldsAreAddedRenamedAndRemovedBetweenWrites) {
  using catalog::v1::Product;
  const std::string url = folder_.DatabaseUrl("rolling.db");
  const testing::EditedModel next(*Product::descriptor(), [](DescriptorProto* product) {
    testing::AddField(product, "colour", 20, FieldDescriptorProto::TYPE_STRING, true);
    testing::FieldIn(product, "category")->set_name("department");
    testing::RemoveField(product, "brand", true);
  });
  const auto insert = [](Store& store, const Message& row) {
    return testing::Write(store, [&](WriteContext& context) {
      Table(*row.GetDescriptor()).Insert(context.session(), row);
      context.Revision();
      return absl::OkStatus();
    });
  };
  {
    const auto store = Open(url, {Product::descriptor()});
    for (int sku = 1; sku <= 50; ++sku) {
      const auto row = testing::Text<Product>(absl::StrCat(
          "product_sku: ", sku, " product_name: \"P\" category: \"C\" brand: \"B\" price: 1"));
      EXPECT_THAT(insert(*store, row), IsOk());
    }
  }
  const auto store = Open(url, {&next.descriptor()});
  for (int sku = 51; sku <= 100; ++sku) {
    EXPECT_THAT(insert(*store, *next.Text(absl::StrCat("product_sku: ", sku,
                                                       " product_name: \"P\" department: \"C\" "
                                                       "colour: \"red\" price: 1"))),
                IsOk());
  }
  EXPECT_EQ(store->head_revision(), 100);
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products WHERE department = 'C'"), 100);
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products WHERE colour = 'red'"), 50);
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products WHERE brand = 'B'"), 50);
}

}  // namespace
}  // namespace clustr::storage
