#include "common/storage/table.h"

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::storage {
namespace {

using bundles::v1::BundleRule;
using catalog::v1::Product;
using catalog::v1::Timeframe;
using sales::v1::Sale;
using ::testing::ElementsAre;
using testing::EqualsMessage;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::Text;

class TableTest : public ::testing::Test {
 protected:
  void Do(const std::function<void(Session&)>& work) {
    const absl::Status written = testing::Write(*store_, [&](WriteContext& context) {
      work(context.session());
      return absl::OkStatus();
    });
    ASSERT_THAT(written, IsOk());
  }

  template <class M>
  void Insert(const Table& table, std::initializer_list<const char*> rows) {
    Do([&](Session& session) {
      for (const char* row : rows) table.Insert(session, Text<M>(row));
    });
  }

  testing::TestDatabase database_;
  ThreadPool pool_{2};
  std::unique_ptr<Store> store_ = *Store::Open(database_.url(),
                                               {Product::descriptor(), Timeframe::descriptor(),
                                                Sale::descriptor(), BundleRule::descriptor()},
                                               1, &pool_);
  const Table products_{*Product::descriptor()};
  const Table timeframes_{*Timeframe::descriptor()};
  const Table sales_{*Sale::descriptor()};
  const Table rules_{*BundleRule::descriptor()};
};

TEST_F(TableTest, RowsComeBackAsTheyWere) {
  for (const char* text :
       {"product_sku: 1 product_name: \"Cap\"", "product_sku: 5000000000 price: 19.99",
        "product_sku: 9007199254740991 revision: 9007199254740991 price: 9999999999.99",
        "product_sku: 2 category: \"\" brand: \"'; DROP TABLE products; --\" in_stock: false",
        "product_sku: 3 product_name: \"\\\"漢字\\\" 🐈 :name ? $1\" price: 0 in_stock: true "
        "unit_cost: 0.01 category: \"  \""}) {
    const auto product = Text<Product>(text);
    Product stored;
    Do([&](Session& session) {
      products_.Insert(session, product);
      ASSERT_TRUE(products_.Get(session, product.product_sku(), &stored));
    });
    EXPECT_THAT(stored, EqualsMessage(product));
  }
}

TEST_F(TableTest, AbsentIsNullAndEmptyIsNot) {
  Insert<Product>(products_, {"product_sku: 1 brand: \"\"", "product_sku: 2"});
  const std::string null_brands = "SELECT MAX(product_sku) FROM products WHERE brand IS NULL";
  const std::string empty_brands = "SELECT MAX(product_sku) FROM products WHERE brand = ''";
  EXPECT_EQ(testing::ReadInteger(*store_, null_brands), 2);
  EXPECT_EQ(testing::ReadInteger(*store_, empty_brands), 1);
}

TEST_F(TableTest, MoneyIsKeptInCents) {
  Insert<Product>(products_, {"product_sku: 1 price: 0.30000000000000004"});
  EXPECT_EQ(testing::ReadInteger(*store_, "SELECT price_cents FROM products"), 30);
}

TEST_F(TableTest, AMissingRowIsNotFound) {
  Do([&](Session& session) {
    Product product;
    EXPECT_FALSE(products_.Get(session, 1, &product));
  });
}

TEST_F(TableTest, UpdateReplacesTheWholeRow) {
  Insert<Product>(products_, {"product_sku: 1 brand: \"Apex\" price: 1", "product_sku: 2"});
  Product one;
  Product two;
  Do([&](Session& session) {
    products_.Update(session, Text<Product>("product_sku: 1 category: \"Hats\" revision: 4"));
    products_.Get(session, 1, &one);
    products_.Get(session, 2, &two);
  });
  EXPECT_THAT(one, testing::EqualsText("product_sku: 1 category: \"Hats\" revision: 4"));
  EXPECT_THAT(two, testing::EqualsText("product_sku: 2"));
}

TEST_F(TableTest, ARemovalIsRememberedUntilTheRowComesBack) {
  Insert<Product>(products_, {"product_sku: 7", "product_sku: 8"});
  Do([&](Session& session) {
    products_.Delete(session, 7, 40);
    Product product;
    EXPECT_FALSE(products_.Get(session, 7, &product));
    EXPECT_TRUE(products_.Get(session, 8, &product));
    EXPECT_EQ(products_.RemovedAt(session, 7), 40);
    EXPECT_EQ(products_.RemovedAt(session, 8), 0);
    EXPECT_EQ(timeframes_.RemovedAt(session, 7), 0);
    products_.ForgetRemoval(session, 7);
    EXPECT_EQ(products_.RemovedAt(session, 7), 0);
  });
}

TEST_F(TableTest, FindsTheHolderOfAUniqueValue) {
  Insert<Timeframe>(timeframes_, {"time_id: 3 date: \"2024-01-03\""});
  schema::Cell date;
  date.text = "2024-01-03";
  Do([&](Session& session) {
    EXPECT_EQ(timeframes_.FindId(session, timeframes_.columns()[1], date), 3);
    date.text = "2024-01-04";
    EXPECT_EQ(timeframes_.FindId(session, timeframes_.columns()[1], date), 0);
  });
}

TEST_F(TableTest, ScansAfterAnIdInIdOrder) {
  Insert<Product>(products_, {"product_sku: 30", "product_sku: 10", "product_sku: 20"});
  const auto scan = [&](int64_t after, int64_t limit) {
    std::vector<Product> rows;
    rows.reserve(10);
    Do([&](Session& session) {
      products_.Scan(session, after, limit, [&] { return &rows.emplace_back(); });
    });
    std::vector<int64_t> ids;
    for (const Product& row : rows) ids.push_back(row.product_sku());
    return ids;
  };
  EXPECT_THAT(scan(0, 10), ElementsAre(10, 20, 30));
  EXPECT_THAT(scan(10, 1), ElementsAre(20));
  EXPECT_THAT(scan(15, 10), ElementsAre(20, 30));
  EXPECT_THAT(scan(30, 10), IsEmpty());
}

TEST_F(TableTest, ScansTheLinesOfOneTransaction) {
  Insert<Sale>(sales_, {"sale_id: 3 transaction_id: 1", "sale_id: 1 transaction_id: 2",
                        "sale_id: 2 transaction_id: 1"});
  std::vector<int64_t> ids;
  Sale line;
  Do([&](Session& session) {
    std::vector<std::unique_ptr<Sale>> lines;
    sales_.ScanCluster(session, 1,
                       [&] { return lines.emplace_back(std::make_unique<Sale>()).get(); });
    for (const auto& found : lines) ids.push_back(found->sale_id());
    EXPECT_TRUE(sales_.Get(session, 1, &line));
  });
  EXPECT_THAT(ids, ElementsAre(2, 3));
  EXPECT_EQ(line.transaction_id(), 2);
}

TEST_F(TableTest, RulesMayShareAnId) {
  Insert<BundleRule>(rules_, {"rule_id: 7 antecedents: 1 consequents: 2 lift: 1.5",
                              "rule_id: 7 antecedents: [3, 4] consequents: 5"});
  EXPECT_EQ(testing::ReadInteger(*store_, "SELECT COUNT(*) FROM bundle_rules WHERE rule_id = 7"),
            2);
}

TEST_F(TableTest, TwoRowsOfOneIdAreRefused) {
  Insert<Product>(products_, {"product_sku: 1"});
  const absl::Status twice = testing::Write(*store_, [&](WriteContext& context) {
    products_.Insert(context.session(), Text<Product>("product_sku: 1"));
    return absl::OkStatus();
  });
  EXPECT_EQ(twice.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(twice.message(), "the database failed; the log has the error code");
}

TEST_F(TableTest, CountsTheRowsThatWritersCounted) {
  EXPECT_THAT(testing::Write(*store_,
                             [&](WriteContext& context) {
                               context.AddRows("products", 3);
                               return absl::OkStatus();
                             }),
              IsOk());
  Do([&](Session& session) { EXPECT_EQ(products_.Count(session), 3); });
  EXPECT_EQ(store_->RowCount("products"), 3);
}

TEST_F(TableTest, ADeletedClusterLeavesATombstoneForEachRow) {
  Insert<Sale>(sales_, {"sale_id: 1 transaction_id: 7", "sale_id: 2 transaction_id: 8",
                        "sale_id: 3 transaction_id: 7"});
  Do([&](Session& session) {
    EXPECT_EQ(sales_.DeleteCluster(session, 7, 40), 2);
    EXPECT_EQ(sales_.DeleteCluster(session, 7, 41), 0);
    Sale row;
    EXPECT_FALSE(sales_.Get(session, 1, &row));
    EXPECT_TRUE(sales_.Get(session, 2, &row));
    EXPECT_EQ(sales_.RemovedAt(session, 1), 40);
    EXPECT_EQ(sales_.RemovedAt(session, 2), 0);
    EXPECT_EQ(sales_.RemovedAt(session, 3), 40);
  });
}

}  // namespace
}  // namespace clustr::storage
