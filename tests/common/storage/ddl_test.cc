#include "common/storage/ddl.h"

#include <map>

#include "absl/strings/match.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "common/storage/sql/catalogue.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/edited_model.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using testing::AddField;
using testing::EditedModel;
using ::testing::ElementsAre;
using testing::Fails;
using testing::FieldIn;
using testing::IsOk;
using testing::OptionsOf;
using testing::ReadInteger;

TEST(CreateStatementsTest, ATableHasItsIndexes) {
  EXPECT_THAT(CreateStatements(*catalog::v1::Timeframe::descriptor()),
              ElementsAre("CREATE TABLE IF NOT EXISTS timeframe (time_id INTEGER PRIMARY KEY, "
                          "date TEXT NOT NULL DEFAULT '', day BIGINT NOT NULL DEFAULT 0, "
                          "month BIGINT NOT NULL DEFAULT 0, year BIGINT NOT NULL DEFAULT 0, "
                          "revision BIGINT NOT NULL DEFAULT 0)",
                          "CREATE UNIQUE INDEX IF NOT EXISTS timeframe_date ON timeframe (date)",
                          "CREATE INDEX IF NOT EXISTS timeframe_revision ON timeframe (revision)"));
}

TEST(CreateStatementsTest, RowsWithoutAUniqueValueAreNotInItsIndex) {
  EXPECT_THAT(CreateStatements(*Product::descriptor()),
              ::testing::Contains("CREATE UNIQUE INDEX IF NOT EXISTS products_external_id ON "
                                  "products (external_id) WHERE external_id IS NOT NULL"));
}

TEST(CreateStatementsTest, RowsAreClusteredIfTheModelSaysSo) {
  const auto statements = CreateStatements(*sales::v1::Sale::descriptor());
  EXPECT_THAT(statements[0],
              ::testing::EndsWith("PRIMARY KEY (transaction_id, sale_id)) WITHOUT ROWID"));
  EXPECT_THAT(statements, ::testing::Contains("CREATE UNIQUE INDEX IF NOT EXISTS sales_sale_id ON "
                                              "sales (sale_id)"));
}

// The statements that make the indexes of the table of products, by their names.
std::map<std::string, std::string> IndexesOf(Store& store) {
  std::map<std::string, std::string> indexes;
  const absl::Status read = store.Read([&](Session& session) {
    indexes = StoredIndexes(session, "products");
    return absl::OkStatus();
  });
  EXPECT_THAT(read, IsOk());
  return indexes;
}

class EvolveTableTest : public ::testing::Test {
 protected:
  EvolveTableTest() {
    const auto store = Open(*Product::descriptor());
    EXPECT_THAT(store, IsOk());
    const absl::Status written = testing::Write(**store, [](WriteContext& context) {
      const Table products(*Product::descriptor());
      products.Insert(context.session(),
                      testing::Text<Product>("product_sku: 7 product_name: \"Cap\" price: 5.25 "
                                             "category: \"Hats\" revision: 1"));
      products.Insert(context.session(),
                      testing::Text<Product>("product_sku: 8 product_name: \"Sock\" price: 1"));
      return absl::OkStatus();
    });
    EXPECT_THAT(written, IsOk());
  }

  absl::StatusOr<std::unique_ptr<Store>> Open(const Descriptor& model) {
    return Store::Open(database_.url(), {&model}, 1, &pool_);
  }

  // Opens the database with an edited Product, as a later version of the server would.
  absl::StatusOr<std::unique_ptr<Store>> OpenEdited(const EditedModel::Edit& edit) {
    models_.push_back(std::make_unique<EditedModel>(*Product::descriptor(), edit));
    return Open(models_.back()->descriptor());
  }

  static auto Refuses(const std::string& text) {
    return Fails(absl::StatusCode::kFailedPrecondition, "", text);
  }

  testing::TestDatabase database_;
  ThreadPool pool_{2};
  std::vector<std::unique_ptr<EditedModel>> models_;
};

TEST_F(EvolveTableTest, AnUnchangedModelOpensAgain) {
  for (int i = 0; i < 2; ++i) {
    const auto store = Open(*Product::descriptor());
    ASSERT_THAT(store, IsOk());
    EXPECT_EQ(ReadInteger(**store, "SELECT SUM(price_cents) FROM products"), 625);
  }
}

TEST_F(EvolveTableTest, ANewFieldAddsItsColumn) {
  const auto store = OpenEdited([](DescriptorProto* product) {
    AddField(product, "colour", 20, FieldDescriptorProto::TYPE_STRING, true);
    AddField(product, "stock", 21, FieldDescriptorProto::TYPE_INT64, false);
    AddField(product, "note", 22, FieldDescriptorProto::TYPE_STRING, false);
    OptionsOf(FieldIn(product, "note"))->set_indexed(true);
  });
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ(ReadInteger(**store,
                        "SELECT COUNT(*) FROM products WHERE colour IS NULL AND "
                        "stock = 0 AND note = ''"),
            2);
  EXPECT_EQ(IndexesOf(**store).count("products_note"), 1);
}

TEST_F(EvolveTableTest, ARenamedFieldKeepsItsData) {
  const auto rename = [](DescriptorProto* product) {
    FieldIn(product, "product_name")->set_name("title");
    FieldIn(product, "price")->set_name("list_price");
  };
  for (int i = 0; i < 2; ++i) {
    const auto store = OpenEdited(rename);
    ASSERT_THAT(store, IsOk());
    EXPECT_EQ(ReadInteger(**store,
                          "SELECT SUM(list_price_cents) FROM products "
                          "WHERE title IN ('Cap', 'Sock')"),
              625);
  }
}

TEST_F(EvolveTableTest, ARenamedFieldKeepsItsIndex) {
  const auto indexed = [](const std::string& name) {
    return [name](DescriptorProto* product) {
      OptionsOf(FieldIn(product, "brand"))->set_indexed(true);
      FieldIn(product, "brand")->set_name(name);
    };
  };
  EXPECT_THAT(OpenEdited(indexed("brand")), IsOk());
  const auto store = OpenEdited(indexed("maker"));
  ASSERT_THAT(store, IsOk());
  const auto indexes = IndexesOf(**store);
  EXPECT_EQ(indexes.count("products_brand") + indexes.count("products_maker"), 1);
}

int64_t CountIndexes(Store& store, const std::string& name, bool unique) {
  const auto indexes = IndexesOf(store);
  const auto index = indexes.find(name);
  return index != indexes.end() && absl::StartsWith(index->second, "CREATE UNIQUE") == unique;
}

TEST_F(EvolveTableTest, AnIndexComesAndGoesWithItsOption) {
  const auto options = [](bool indexed, bool unique) {
    return [=](DescriptorProto* product) {
      OptionsOf(FieldIn(product, "category"))->set_indexed(indexed);
      OptionsOf(FieldIn(product, "category"))->set_unique(unique);
    };
  };
  constexpr struct {
    bool indexed;
    bool unique;
  } kVersions[] = {{true, false}, {false, true}, {true, true},  {false, false},
                   {false, true}, {true, false}, {false, false}};
  for (const auto& [indexed, unique] : kVersions) {
    const auto store = OpenEdited(options(indexed, unique));
    ASSERT_THAT(store, IsOk());
    EXPECT_EQ(CountIndexes(**store, "products_category", true), unique);
    EXPECT_EQ(CountIndexes(**store, "products_category", false), indexed && !unique);
    EXPECT_EQ(CountIndexes(**store, "products_revision", false), 1);
  }
}

TEST_F(EvolveTableTest, AnIndexOfAFieldThatIsGoneIsDropped) {
  EXPECT_THAT(OpenEdited([](DescriptorProto* product) {
                OptionsOf(FieldIn(product, "brand"))->set_indexed(true);
              }),
              IsOk());
  const auto store = OpenEdited(
      [](DescriptorProto* product) { testing::RemoveField(product, "brand", /*reserve=*/true); });
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ(CountIndexes(**store, "products_brand", false), 0);
}

TEST_F(EvolveTableTest, AnIndexOfTheOperatorIsLeftAlone) {
  {
    const auto store = Open(*Product::descriptor());
    EXPECT_THAT(testing::Write(**store,
                               [](WriteContext& context) {
                                 context.session().Run("CREATE INDEX by_brand ON products (brand)");
                                 return absl::OkStatus();
                               }),
                IsOk());
  }
  const auto store = Open(*Product::descriptor());
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ(CountIndexes(**store, "by_brand", false), 1);
}

TEST_F(EvolveTableTest, RowsThatShareAValueForbidAUniqueField) {
  const auto unique = [](DescriptorProto* product) {
    OptionsOf(FieldIn(product, "revision"))->set_unique(true);
    OptionsOf(FieldIn(product, "category"))->set_unique(true);
  };
  const auto write = [&](const char* sql) {
    const auto store = Open(*Product::descriptor());
    ASSERT_THAT(store, IsOk());
    EXPECT_THAT(testing::Write(**store,
                               [&](WriteContext& context) {
                                 context.session().Run(sql);
                                 return absl::OkStatus();
                               }),
                IsOk());
  };
  write("UPDATE products SET category = 'Hats'");
  EXPECT_THAT(
      OpenEdited(unique),
      Refuses("table products does not fit clustr.catalog.v1.Product: field category is now "
              "unique, but some rows share a value, for example product_sku 7 and 8; "
              "change one of them with the previous version, or remove `unique` from the "
              "field"));
  write("UPDATE products SET category = NULL");
  const auto store = OpenEdited(unique);
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ(CountIndexes(**store, "products_category", true), 1);
}

TEST_F(EvolveTableTest, AFieldThatIsGoneIsRefused) {
  EXPECT_THAT(
      OpenEdited([](DescriptorProto* product) {
        testing::RemoveField(product, "category", /*reserve=*/false);
      }),
      Refuses("table products does not fit clustr.catalog.v1.Product: column category "
              "belongs to field number 3, which the model no longer has; restore the field, or "
              "reserve its number (its column is then kept but ignored)"));
}

TEST_F(EvolveTableTest, AReservedFieldKeepsItsColumn) {
  {
    const auto store = OpenEdited([](DescriptorProto* product) {
      testing::RemoveField(product, "category", /*reserve=*/true);
    });
    ASSERT_THAT(store, IsOk());
    EXPECT_EQ(ReadInteger(**store, "SELECT COUNT(*) FROM products WHERE category = 'Hats'"), 1);
  }
  EXPECT_THAT(Open(*Product::descriptor()), IsOk());
}

TEST_F(EvolveTableTest, AnotherTypeIsRefused) {
  EXPECT_THAT(OpenEdited([](DescriptorProto* product) {
                FieldIn(product, "category")->set_type(FieldDescriptorProto::TYPE_INT64);
              }),
              Refuses("field category (number 3) was TEXT and is now BIGINT; give the new field a "
                      "new number"));
}

TEST_F(EvolveTableTest, AnAmountCannotBecomeANumber) {
  EXPECT_THAT(OpenEdited([](DescriptorProto* product) {
                auto* price = FieldIn(product, "price");
                price->set_type(FieldDescriptorProto::TYPE_INT64);
                OptionsOf(price)->clear_meaning();
              }),
              Refuses("field price changed between amount and number"));
}

TEST_F(EvolveTableTest, PresenceCannotChange) {
  EXPECT_THAT(OpenEdited([](DescriptorProto* product) {
                // Replacing the field under its number takes `optional` away.
                testing::RemoveField(product, "category", /*reserve=*/false);
                AddField(product, "category", 3, FieldDescriptorProto::TYPE_STRING, false);
              }),
              Refuses("field category (number 3) was TEXT and is now TEXT NOT NULL"));
  EXPECT_THAT(OpenEdited([](DescriptorProto* product) {
                const auto options = *OptionsOf(FieldIn(product, "product_name"));
                testing::RemoveField(product, "product_name", /*reserve=*/false);
                AddField(product, "product_name", 2, FieldDescriptorProto::TYPE_STRING, true);
                *OptionsOf(FieldIn(product, "product_name")) = options;
              }),
              Refuses("field product_name (number 2) was TEXT NOT NULL and is now TEXT"));
}

TEST_F(EvolveTableTest, ANewRequiredFieldIsRefusedWhereThereAreRows) {
  const auto required = [](DescriptorProto* product) {
    OptionsOf(AddField(product, "colour", 20, FieldDescriptorProto::TYPE_STRING, true))
        ->set_required(true);
  };
  EXPECT_THAT(OpenEdited(required),
              Refuses("field colour is new and required, but there are rows without it; make it "
                      "optional, or start with an empty database"));
  {
    const auto store = Open(*Product::descriptor());
    ASSERT_THAT(store, IsOk());
    EXPECT_THAT(testing::Write(**store,
                               [](WriteContext& context) {
                                 context.session().Run("DELETE FROM products");
                                 return absl::OkStatus();
                               }),
                IsOk());
  }
  EXPECT_THAT(OpenEdited(required), IsOk());
}

TEST_F(EvolveTableTest, ANameIsNotGivenToTwoColumns) {
  EXPECT_THAT(OpenEdited([](DescriptorProto* product) {
                testing::RemoveField(product, "category", /*reserve=*/true);
                product->clear_reserved_name();
                AddField(product, "category", 20, FieldDescriptorProto::TYPE_STRING, true);
              }),
              Refuses("column category already belongs to field number 3"));
  EXPECT_THAT(OpenEdited([](DescriptorProto* product) {
                FieldIn(product, "category")->set_name("x");
                FieldIn(product, "brand")->set_name("category");
                FieldIn(product, "x")->set_name("brand");
              }),
              Refuses("column brand already belongs to field number 4"));
}

TEST_F(EvolveTableTest, ARefusedStartChangesNothing) {
  EXPECT_THAT(OpenEdited([](DescriptorProto* product) {
                AddField(product, "colour", 20, FieldDescriptorProto::TYPE_STRING, true);
                FieldIn(product, "product_name")->set_name("title");
                testing::RemoveField(product, "category", /*reserve=*/false);
              }),
              Refuses("which the model no longer has"));
  const auto store = Open(*Product::descriptor());
  ASSERT_THAT(store, IsOk());
  EXPECT_THAT((*store)->Read([](Session& session) {
    for (const StoredColumn& column : StoredColumns(session, "products")) {
      EXPECT_NE(column.name, "colour");
      EXPECT_NE(column.name, "title");
    }
    return absl::OkStatus();
  }),
              IsOk());
}

}  // namespace
}  // namespace clustr::storage
