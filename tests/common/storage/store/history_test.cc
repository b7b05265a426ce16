#include <filesystem>
#include <string>

#include "common/storage/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/storage/store/store_fixture.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"

namespace clustr::storage {
namespace {

using testing::IsOk;
using testing::Write;

class HistoryTest : public StoreTest {
 protected:
  void TakeRevisions(int count) {
    for (int i = 0; i < count; ++i) EXPECT_THAT(Write(*store_, TakeRevision), IsOk());
  }
};

TEST_F(HistoryTest, EachStartBeginsOne) {
  const std::string first = store_->store_id();
  Reopen();
  EXPECT_NE(store_->store_id(), first);
}

TEST_F(HistoryTest, AStreamResumesUpToTheEndOfItsHistory) {
  const std::string first = store_->store_id();
  TakeRevisions(3);
  EXPECT_TRUE(store_->CanResume(first, 0));
  EXPECT_TRUE(store_->CanResume(first, 3));
  EXPECT_FALSE(store_->CanResume(first, 4));
  Reopen();
  const std::string second = store_->store_id();
  TakeRevisions(2);
  EXPECT_TRUE(store_->CanResume(first, 3));
  EXPECT_FALSE(store_->CanResume(first, 4));
  EXPECT_TRUE(store_->CanResume(second, 3));
  EXPECT_TRUE(store_->CanResume(second, 5));
  EXPECT_FALSE(store_->CanResume(second, 6));
}

TEST_F(HistoryTest, WithoutAnIdOnlyTheHeadIsChecked) {
  TakeRevisions(2);
  EXPECT_TRUE(store_->CanResume("", 0));
  EXPECT_TRUE(store_->CanResume("", 2));
  EXPECT_FALSE(store_->CanResume("", 3));
}

TEST_F(HistoryTest, AnotherStoresHistoryIsUnknown) {
  TakeRevisions(2);
  EXPECT_FALSE(store_->CanResume("0123456789abcdef0123456789abcdef", 1));
  EXPECT_FALSE(store_->CanResume("0123456789abcdef0123456789abcdef", 0));
}

TEST_F(HistoryTest, AnOlderFileThatIsCopiedBackLacksLaterRevisions) {
  TakeRevisions(2);
  const std::string first = store_->store_id();
  store_.reset();
  std::filesystem::copy_file(folder_.File("test.db"), folder_.File("backup.db"));
  store_ = Open();
  const std::string lost = store_->store_id();
  TakeRevisions(3);
  store_.reset();
  for (const char* rest : {"test.db", "test.db-wal", "test.db-shm"}) {
    std::filesystem::remove(folder_.File(rest));
  }
  std::filesystem::copy_file(folder_.File("backup.db"), folder_.File("test.db"));
  store_ = Open();
  TakeRevisions(9);
  EXPECT_TRUE(store_->CanResume(first, 2));
  EXPECT_FALSE(store_->CanResume(first, 3));
  EXPECT_FALSE(store_->CanResume(lost, 2));
  EXPECT_FALSE(store_->CanResume(lost, 4));
  EXPECT_TRUE(store_->CanResume(store_->store_id(), 11));
}

}  // namespace
}  // namespace clustr::storage
