#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

// Copies that other programs make of a database while it is being served.
namespace clustr::storage {
namespace {

using catalog::v1::Product;
using testing::IsOk;
using testing::ReadInteger;
using testing::Write;

class ForeignCopiesTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open(const std::string& name) {
    auto store = Store::Open(folder_.DatabaseUrl(name), {Product::descriptor()}, 1, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }

  void Fill(Store& store) {
    const Table products(*Product::descriptor());
    for (int i = 0; i < 100; ++i) {
      EXPECT_THAT(Write(store,
                        [&](WriteContext& context) {
                          Product row;
                          row.set_product_sku(context.NextId("products"));
                          row.set_product_name(std::string(100 + i, 'n'));
                          row.set_revision(context.Revision());
                          products.Insert(context.session(), row);
                          return absl::OkStatus();
                        }),
                  IsOk());
    }
  }

  // Runs statements of the sqlite3 shell on a database.
  void Shell(const std::string& name, const std::string& statements) {
    EXPECT_EQ(std::system(absl::StrCat("sqlite3 '", folder_.File(name), "' \"", statements,
                                       "\" > /dev/null")
                              .c_str()),
              0);
  }

  testing::TempFolder folder_;
  ThreadPool pool_{2};
};

TEST_F(ForeignCopiesTest, BackupsOfTheShellAreServedAndSealed) {
  const auto store = Open("live.db");
  Fill(*store);
  Shell("live.db", absl::StrCat(".backup '", folder_.File("backup.db"), "'"));
  Shell("live.db", absl::StrCat("VACUUM INTO '", folder_.File("vacuum.db"), "'"));
  ASSERT_EQ(std::system(absl::StrCat("sqlite3 '", folder_.File("live.db"), "' .dump | sqlite3 '",
                                     folder_.File("dump.db"), "'")
                            .c_str()),
            0);
  for (const char* copy : {"backup.db", "vacuum.db", "dump.db"}) {
    for (int start = 0; start < 2; ++start) {
      const auto opened = Open(copy);
      EXPECT_EQ(ReadInteger(*opened, "SELECT count(*) FROM products"), 100) << copy;
      EXPECT_TRUE(opened->Problems().empty()) << copy;
    }
  }
}

// SQLite writes pages of such a copy before the first one, because they exceed its cache of 2 MB.
TEST_F(ForeignCopiesTest, ACopyThatExceedsTheCacheIsSealedWhole) {
  const auto store = Open("live.db");
  ASSERT_THAT(Write(*store,
                    [](WriteContext& context) {
                      const Table products(*Product::descriptor());
                      for (int i = 0; i < 20'000; ++i) {
                        Product row;
                        row.set_product_sku(context.NextId("products"));
                        row.set_product_name(std::string(200, 'n'));
                        products.Insert(context.session(), row);
                      }
                      return absl::OkStatus();
                    }),
              IsOk());
  Shell("live.db", absl::StrCat("VACUUM INTO '", folder_.File("vacuum.db"), "'"));
  ASSERT_EQ(std::system(absl::StrCat("sqlite3 '", folder_.File("live.db"), "' .dump | sqlite3 '",
                                     folder_.File("dump.db"), "'")
                            .c_str()),
            0);
  for (const char* copy : {"vacuum.db", "dump.db"}) {
    for (int start = 0; start < 2; ++start) {
      const auto opened = Store::Open(folder_.DatabaseUrl(copy), {Product::descriptor()}, 1, &pool_);
      ASSERT_THAT(opened, IsOk()) << copy;
      EXPECT_EQ(ReadInteger(**opened, "SELECT count(*) FROM products"), 20'000) << copy;
      EXPECT_TRUE((*opened)->Problems().empty()) << copy;
    }
  }
}

TEST_F(ForeignCopiesTest, ACheckpointOfTheShellDoesNoHarm) {
  {
    const auto store = Open("live.db");
    Fill(*store);
    Shell("live.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 100);
  }
  const auto store = Open("live.db");
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 100);
  EXPECT_TRUE(store->Problems().empty());
}

TEST_F(ForeignCopiesTest, AChangeThroughTheShellOfAServedDatabaseIsTaken) {
  {
    const auto store = Open("live.db");
    Fill(*store);
    Shell("live.db", "UPDATE products SET product_name = 'Cap' WHERE product_sku = 7");
    EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products WHERE product_name = 'Cap'"), 1);
  }
  EXPECT_EQ(
      ReadInteger(*Open("live.db"), "SELECT count(*) FROM products WHERE product_name = 'Cap'"), 1);
}

}  // namespace
}  // namespace clustr::storage
