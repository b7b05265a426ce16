#include <filesystem>
#include <optional>

#include "absl/synchronization/notification.h"
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

// Submits a write that waits until the files are purged; returns whether they were.
class PurgeTest : public StoreTest {
 protected:
  void Begin(absl::Status end = absl::OkStatus()) {
    store_->Submit({.work =
                        [this, end](WriteContext& context) {
                          Add(context, "Gone");
                          return end;
                        },
                    .done =
                        [this](const absl::Status& status) {
                          status_ = status;
                          done_.Notify();
                        },
                    .purged = [this](bool all) { purged_ = all; }});
  }

  absl::Notification done_;
  absl::Status status_;
  std::optional<bool> purged_;
};

TEST_F(PurgeTest, EmptiesTheWalFileBeforeTheCallEnds) {
  Begin();
  done_.WaitForNotification();
  EXPECT_THAT(status_, IsOk());
  EXPECT_EQ(purged_, true);
  EXPECT_EQ(std::filesystem::file_size(folder_.File("test.db-wal")), 0);
}

TEST_F(PurgeTest, WaitsForWhoeverReadsAnOlderStateWhileOtherWritesGoOn) {
  ASSERT_THAT(Write(*store_, Adding()), IsOk());
  EXPECT_THAT(store_->Read([&](Session& session) {
    EXPECT_EQ(session.Integer("SELECT COUNT(*) FROM products"), 1);
    Begin();
    for (int i = 0; i < 10; ++i) EXPECT_THAT(Write(*store_, Adding()), IsOk());
    EXPECT_FALSE(done_.HasBeenNotified());
    return absl::OkStatus();
  }),
              IsOk());
  done_.WaitForNotification();
  EXPECT_EQ(purged_, true);
}

TEST_F(PurgeTest, TellsIfTheOlderStateIsStillReadAtTheEnd) {
  ASSERT_THAT(Write(*store_, Adding()), IsOk());
  EXPECT_THAT(store_->Read([&](Session& session) {
    EXPECT_EQ(session.Integer("SELECT COUNT(*) FROM products"), 1);
    Begin();
    done_.WaitForNotification();
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(status_, IsOk());
  EXPECT_EQ(purged_, false);
}

TEST_F(PurgeTest, AFailedCallIsNotKeptWaiting) {
  Begin(absl::AbortedError("no"));
  done_.WaitForNotification();
  EXPECT_EQ(status_, absl::AbortedError("no"));
  EXPECT_EQ(purged_, std::nullopt);
}

TEST_F(PurgeTest, TheEndOfTheStoreEndsTheWait) {
  ASSERT_THAT(Write(*store_, Adding()), IsOk());
  Begin();
  store_.reset();
  done_.WaitForNotification();
  EXPECT_THAT(status_, IsOk());
}

}  // namespace
}  // namespace clustr::storage
