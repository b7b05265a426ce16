#include "common/storage/system/identity.h"

#include "clustr/catalog/v1/product.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/storage/store.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using testing::Fails;
using testing::IsOk;

class IdentityTest : public ::testing::Test {
 protected:
  absl::Status OpenAsCatalog() {
    return Store::Open(folder_.DatabaseUrl(), {catalog::v1::Product::descriptor()}, 1, &pool_)
        .status();
  }
  absl::Status OpenAsSales() {
    return Store::Open(folder_.DatabaseUrl(),
                       {sales::v1::Transaction::descriptor(), sales::v1::Sale::descriptor()}, 1,
                       &pool_)
        .status();
  }
  void Run(const std::string& sql) {
    const auto database = Database::Open(folder_.DatabaseUrl(), 1);
    ASSERT_THAT(database, IsOk());
    (*database)->writer_session().Run(sql);
  }

  testing::TempFolder folder_;
  ThreadPool pool_{1};
};

// Sales used to start on the database of catalog, and to create its tables there.
TEST_F(IdentityTest, TheDatabaseOfAnotherServiceIsRefused) {
  EXPECT_THAT(OpenAsCatalog(), IsOk());
  EXPECT_THAT(OpenAsSales(),
              Fails(absl::StatusCode::kFailedPrecondition, "",
                    "the database belongs to clustr-catalog, not to clustr-sales; give another "
                    "--database"));
  EXPECT_THAT(OpenAsCatalog(), IsOk());
}

TEST_F(IdentityTest, ADatabaseOfAVersionWithoutIdentityIsClaimedByItsService) {
  EXPECT_THAT(OpenAsCatalog(), IsOk());
  Run("DROP TABLE clustr_identity");
  EXPECT_THAT(OpenAsSales(), Fails(absl::StatusCode::kFailedPrecondition, "",
                                   "belongs to another service than clustr-sales"));
  EXPECT_THAT(OpenAsCatalog(), IsOk());
  EXPECT_THAT(OpenAsSales(), Fails(absl::StatusCode::kFailedPrecondition, "",
                                   "belongs to clustr-catalog, not to clustr-sales"));
}

TEST_F(IdentityTest, ADatabaseOfAnotherProgramIsRefusedAndStaysAsItIs) {
  Run("CREATE TABLE bookmarks (url TEXT)");
  EXPECT_THAT(OpenAsCatalog(), Fails(absl::StatusCode::kFailedPrecondition, "",
                                     "the database belongs to another program"));
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  EXPECT_EQ(database->writer_session().Integer("SELECT count(*) FROM sqlite_master"), 1);
}

TEST_F(IdentityTest, ADatabaseOfANewerVersionIsRefused) {
  EXPECT_THAT(OpenAsCatalog(), IsOk());
  Run("UPDATE clustr_identity SET value = '3' WHERE name = 'format'");
  EXPECT_THAT(OpenAsCatalog(), Fails(absl::StatusCode::kFailedPrecondition, "",
                                     "was written by a newer version of clustr-catalog; start "
                                     "that version, or give another --database"));
}

}  // namespace
}  // namespace clustr::storage
