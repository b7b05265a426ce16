#include "common/storage/listing.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/storage/sql/filter_sql.h"
#include "common/storage/sql/order_sql.h"
#include "common/storage/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using sales::v1::Transaction;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;
using testing::Text;

class ListingTest : public ::testing::Test {
 protected:
  void Insert(std::initializer_list<const char*> rows) {
    EXPECT_THAT(testing::Write(*store_,
                               [&](WriteContext& context) {
                                 for (const char* row : rows) {
                                   products_.Insert(context.session(), Text<Product>(row));
                                 }
                                 return absl::OkStatus();
                               }),
                IsOk());
  }

  // Ids of the listed products after `place`.
  std::vector<int64_t> List(const std::string& filter, const std::string& order_by = "",
                            const std::string& place = "", int64_t limit = 1000) {
    std::vector<Violation> violations;
    const Listing listing(&products_, filter, order_by, &violations);
    EXPECT_THAT(testing::Texts(violations), IsEmpty());
    std::vector<Product> rows;
    rows.reserve(1000);
    EXPECT_THAT(store_->Read([&](Session& session) {
      listing.Read(session, Text<Product>(place), limit, [&] { return &rows.emplace_back(); });
      return absl::OkStatus();
    }),
                IsOk());
    std::vector<int64_t> ids;
    for (const Product& row : rows) ids.push_back(row.product_sku());
    return ids;
  }

  // SQLite's query plan for the rows of a table that match a filter, in an order, after a place.
  std::string Plan(const Table& table, const std::string& filter, const std::string& order_by,
                   const google::protobuf::Message* place = nullptr) {
    std::vector<Violation> violations;
    BoundSql sql;
    sql.Append("EXPLAIN QUERY PLAN SELECT * FROM ", table.name(), " WHERE ");
    AppendFilter(schema::ParseFilter(filter, table.model(), &violations), Dialect::kSqlite, &sql);
    const auto order = schema::ParseOrder(order_by, table.model(), &violations);
    if (place != nullptr) {
      sql.Append(" AND ");
      AppendAfter(order, *place, &sql);
    }
    AppendOrder(order, &sql);
    EXPECT_THAT(testing::Texts(violations), IsEmpty());
    std::vector<std::string> steps;
    EXPECT_THAT(store_->Read([&](Session& session) {
      using schema::CellType;
      Statement query(
          session, sql.text, sql.types,
          {CellType::kInteger, CellType::kInteger, CellType::kInteger, CellType::kText});
      for (size_t i = 0; i < sql.values.size(); ++i) query.parameter(i) = sql.values[i];
      query.Execute();
      while (query.Fetch()) steps.push_back(query.text(3));
      return absl::OkStatus();
    }),
                IsOk());
    return absl::StrJoin(steps, "; ");
  }

  testing::TempFolder folder_;
  ThreadPool pool_{2};
  std::unique_ptr<Store> store_ = *Store::Open(
      folder_.DatabaseUrl(), {Product::descriptor(), Transaction::descriptor()}, 1, &pool_);
  const Table products_{*Product::descriptor()};
  const Table transactions_{*Transaction::descriptor()};
};

TEST_F(ListingTest, AComparisonWithAnUnsetFieldIsFalseAndNotItsComplement) {
  Insert({"product_sku: 1 brand: 'Nike'", "product_sku: 2 brand: 'Puma'", "product_sku: 3"});
  EXPECT_THAT(List("brand = Nike"), ElementsAre(1));
  EXPECT_THAT(List("brand != Nike"), ElementsAre(2));
  EXPECT_THAT(List("NOT brand = Nike"), ElementsAre(2, 3));
  EXPECT_THAT(List("NOT brand != Nike"), ElementsAre(1, 3));
  EXPECT_THAT(List("NOT (brand = Nike AND product_sku < 9)"), ElementsAre(2, 3));
  EXPECT_THAT(List("NOT (brand != Nike OR brand < A)"), ElementsAre(1, 3));
  EXPECT_THAT(List("NOT brand:i"), ElementsAre(2, 3));
  EXPECT_THAT(List("brand:*"), ElementsAre(1, 2));
  EXPECT_THAT(List("NOT brand:*"), ElementsAre(3));
}

TEST_F(ListingTest, TextsCompareByBytes) {
  Insert({"product_sku: 1 product_name: 'Tee'", "product_sku: 2 product_name: 'tee'",
          "product_sku: 3 product_name: 'T%e'", "product_sku: 4 product_name: 'Tée'",
          "product_sku: 5 product_name: '😀'"});
  EXPECT_THAT(List("product_name = Tee"), ElementsAre(1));
  EXPECT_THAT(List("product_name:ee"), ElementsAre(1, 2));
  EXPECT_THAT(List("product_name:T"), ElementsAre(1, 3, 4));
  EXPECT_THAT(List("product_name:'%'"), ElementsAre(3));
  EXPECT_THAT(List("product_name:_"), IsEmpty());
  EXPECT_THAT(List("product_name:é"), ElementsAre(4));
  EXPECT_THAT(List("product_name:''"), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(List("product_name > Tee"), ElementsAre(2, 4, 5));
  EXPECT_THAT(List("", "product_name"), ElementsAre(3, 1, 4, 2, 5));
}

TEST_F(ListingTest, UnsetIsLessThanAnyValue) {
  Insert(
      {"product_sku: 1 price: 2", "product_sku: 2", "product_sku: 3 price: 1", "product_sku: 4"});
  EXPECT_THAT(List("", "price"), ElementsAre(2, 4, 3, 1));
  EXPECT_THAT(List("", "price desc"), ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(List("", "price, product_sku desc"), ElementsAre(4, 2, 3, 1));
  EXPECT_THAT(List("", "price", "product_sku: 2"), ElementsAre(4, 3, 1));
  EXPECT_THAT(List("", "price desc", "product_sku: 3 price: 1"), ElementsAre(2, 4));
  EXPECT_THAT(List("", "price desc", "product_sku: 2"), ElementsAre(4));
}

TEST_F(ListingTest, APlaceNeedsNoRow) {
  Insert({"product_sku: 1 price: 1", "product_sku: 3 price: 2", "product_sku: 5 price: 2",
          "product_sku: 7 price: 3"});
  EXPECT_THAT(List("", "price", "product_sku: 4 price: 2"), ElementsAre(5, 7));
  EXPECT_THAT(List("", "price desc", "product_sku: 4 price: 2"), ElementsAre(5, 1));
  EXPECT_THAT(List("price < 3", "", "product_sku: 2"), ElementsAre(3, 5));
  EXPECT_THAT(List("", "product_sku desc", "product_sku: 6", 2), ElementsAre(5, 3));
}

TEST_F(ListingTest, NoValueIsEverSql) {
  Insert({"product_sku: 1 brand: '~'"});
  for (const char* evil : {"\\'; DROP TABLE products; --", "\\' OR 1=1 --", "x\\' UNION SELECT 1",
                           ":p0", "?1", "$1"}) {
    EXPECT_THAT(List(absl::StrCat("brand = '", evil, "'")), IsEmpty());
    EXPECT_THAT(List(absl::StrCat("NOT brand:'", evil, "'")), ElementsAre(1));
    EXPECT_THAT(List("", "brand", absl::StrCat("product_sku: 9 brand: '", evil, "'")),
                ElementsAre(1));
  }
}

TEST_F(ListingTest, TheLargestFilterIsAnswered) {
  Insert({"product_sku: 1 brand: 'x'", "product_sku: 2"});
  for (const char* joint : {" AND ", " OR "}) {
    for (const char* term : {"brand=x", "NOT brand=x", "-(brand:x NOT price>1)"}) {
      const int terms = std::string(term).find('(') == std::string::npos ? 500 : 250;
      std::string filter = term;
      for (int i = 1; i < terms; ++i) absl::StrAppend(&filter, joint, term);
      EXPECT_THAT(List(filter, "brand, price desc, category", "product_sku: 1 brand: 'a'"),
                  ::testing::SizeIs(::testing::Le(2)))
          << term;
    }
  }
}

TEST_F(ListingTest, TheDeepestFilterIsAnswered) {
  Insert({"product_sku: 1 brand: 'x'", "product_sku: 2"});
  const std::string everything =
      "product_name, category, brand, price, in_stock, unit_cost, external_id, revision";
  const std::string everything_desc = absl::StrReplaceAll(everything, {{",", " desc,"}});
  for (const char* level : {"NOT (price>1 OR #)", "price>1 AND brand=y OR (#)",
                            "(#) AND brand=x OR NOT (price>1 brand:*)",
                            "NOT (brand=y OR price>1 AND (brand=z OR brand=x))"}) {
    std::string nested = "brand=x";
    for (int i = 0; i < 20; ++i) nested = absl::StrReplaceAll(level, {{"#", nested}});
    List(nested, everything);
    List(nested, everything_desc, "product_sku: 1 brand: 'a' category: 'b' price: 1");
  }
  // The bushiest tree of 500 comparisons.
  std::string bushy = "-brand=y";
  for (int i = 0; i < 8; ++i) {
    bushy = absl::StrCat("(", bushy, i % 2 == 0 ? " AND " : " OR ", bushy, ")");
  }
  EXPECT_THAT(List(bushy, everything_desc, "product_sku: 1 brand: 'x' category: 'b'"),
              ElementsAre(1, 2));
}

TEST_F(ListingTest, IndexedFieldsAreNotScanned) {
  EXPECT_THAT(Plan(products_, "external_id = 'A-1'", ""),
              HasSubstr("USING INDEX products_external_id"));
  EXPECT_THAT(Plan(transactions_, "external_id = 'A-1' AND channel = Store", ""),
              HasSubstr("USING INDEX transactions_external_id"));
  EXPECT_THAT(Plan(transactions_, "purchase_date >= 2024-01-01 AND purchase_date < 2024-02-01", ""),
              HasSubstr("USING INDEX transactions_purchase_date (purchase_date>? AND"));
  EXPECT_THAT(Plan(transactions_, "transaction_id = 7 OR transaction_id = 9", ""),
              HasSubstr("SEARCH transactions USING INTEGER PRIMARY KEY"));
}

TEST_F(ListingTest, AnIndexedOrderBeginsAtItsPlaceAndIsNotSorted) {
  const auto place = Text<Transaction>("transaction_id: 7 purchase_date: '2024-05-05'");
  for (const char* order : {"purchase_date", "purchase_date desc, transaction_id desc"}) {
    const std::string first = Plan(transactions_, "", order);
    EXPECT_THAT(first, HasSubstr("transactions_purchase_date"));
    EXPECT_THAT(first, Not(HasSubstr("TEMP B-TREE")));
    const std::string next = Plan(transactions_, "", order, &place);
    EXPECT_THAT(next, HasSubstr("SEARCH transactions USING INDEX transactions_purchase_date"));
    EXPECT_THAT(next, Not(HasSubstr("TEMP B-TREE")));
  }
}

}  // namespace
}  // namespace clustr::storage
