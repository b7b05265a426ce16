#include "common/storage/system/histories.h"

#include <filesystem>

#include "clustr/catalog/v1/product.pb.h"
#include "common/storage/store.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using testing::IsOk;

class HistoriesTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open() {
    auto store =
        Store::Open(folder_.DatabaseUrl(), {catalog::v1::Product::descriptor()}, 1, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }

  // Gives out some ids, and returns how a follower sees the store then.
  SeenHistory Use(Store& store, int ids) {
    for (int i = 0; i < ids; ++i) {
      EXPECT_THAT(testing::Write(store,
                                 [](WriteContext& context) {
                                   context.NextId("products");
                                   context.Revision();
                                   return absl::OkStatus();
                                 }),
                  IsOk());
    }
    return {store.store_id(), store.head_revision()};
  }

  void Copy(const std::string& from, const std::string& to) {
    std::filesystem::copy_file(folder_.File(from), folder_.File(to),
                               std::filesystem::copy_options::overwrite_existing);
  }

  testing::TempFolder folder_;
  ThreadPool pool_{1};
};

TEST_F(HistoriesTest, RestartsDoNotBranch) {
  std::vector<SeenHistory> seen;
  for (int start = 0; start < 3; ++start) seen.insert(seen.begin(), Use(*Open(), 2));
  EXPECT_FALSE(Open()->BranchOf(seen).has_value());
  EXPECT_FALSE(Open()->BranchOf({}).has_value());
}

TEST_F(HistoriesTest, AnOlderCopyBranchesWhereItWasMade) {
  const SeenHistory first = Use(*Open(), 3);
  Copy("test.db", "copy.db");
  const SeenHistory second = Use(*Open(), 4);
  Copy("copy.db", "test.db");
  const auto store = Open();
  Use(*store, 1);
  const auto branch = store->BranchOf({second, first});
  ASSERT_TRUE(branch.has_value());
  EXPECT_EQ(branch->store_id, store->store_id());
  EXPECT_EQ(branch->last_ids.at("products"), 3);
  EXPECT_FALSE(store->BranchOf({first}).has_value()) << "nothing was seen behind the copy";
}

TEST_F(HistoriesTest, ACopyOfTheSameHistoryBranchesAtItsEnd) {
  SeenHistory seen = Use(*Open(), 3);
  const auto store = Open();
  seen.revision += 1;  // The history went on after the copy was made.
  const auto branch = store->BranchOf({seen});
  ASSERT_TRUE(branch.has_value());
  EXPECT_EQ(branch->last_ids.at("products"), 3);
}

TEST_F(HistoriesTest, AnotherDatabaseSharesNoIds) {
  const SeenHistory seen = Use(*Open(), 3);
  std::filesystem::remove(folder_.File("test.db"));
  const auto branch = Open()->BranchOf({seen});
  ASSERT_TRUE(branch.has_value());
  EXPECT_TRUE(branch->last_ids.empty());
}

}  // namespace
}  // namespace clustr::storage
