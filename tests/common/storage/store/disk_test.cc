#include <signal.h>
#include <sys/resource.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/storage/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/storage/store/store_fixture.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"

namespace clustr::storage {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using testing::IsOk;
using testing::ReadInteger;
using testing::Write;
using testing::WriteTogether;

// While it lives, this process cannot make any file larger than `bytes`: a write beyond fails with
// an I/O error, as on a broken disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(uint64_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

TEST_F(StoreTest, AWriteThatTheDiskDoesNotConfirmHasAnUnknownOutcomeAndIsReported) {
  EXPECT_THAT(Write(*store_, Adding()), IsOk());
  {
    const FileSizeLimit limit(1);
    EXPECT_THAT(Write(*store_, Adding()),
                Fails(absl::StatusCode::kUnavailable, "OUTCOME_UNKNOWN",
                      "it is unknown whether it was stored; send the call again with the same "
                      "request_id"));
    EXPECT_THAT(store_->Problems(),
                ElementsAre(::testing::StartsWith("the last write failed: the disk did not ")));
  }
  EXPECT_THAT(Write(*store_, Adding()), IsOk());
  EXPECT_THAT(store_->Problems(), ::testing::IsEmpty());
}

TEST_F(StoreTest, AWriteThatTakesSecondsIsReportedUntilItEnds) {
  absl::Notification release;
  absl::Notification done;
  store_->Submit({[&](WriteContext&) {
                    release.WaitForNotification();
                    return absl::OkStatus();
                  },
                  [&](const absl::Status&) { done.Notify(); }});
  while (store_->Problems().empty()) absl::SleepFor(absl::Milliseconds(20));
  EXPECT_THAT(store_->Problems(), ElementsAre(::testing::MatchesRegex(
                                      "a write has been under way for . s and others wait .*"
                                      "check the disk of the database")));
  release.Notify();
  done.WaitForNotification();
  EXPECT_THAT(store_->Problems(), ::testing::IsEmpty());
}

TEST_F(StoreTest, AFullDiskFailsTheWriteAndTheStoreContinues) {
  EXPECT_THAT(Write(*store_, Adding()), IsOk());
  const auto set_limit = [&](const std::string& pages) {
    EXPECT_THAT(Write(*store_,
                      [&](WriteContext& context) {
                        context.session().Run("PRAGMA max_page_count = " + pages);
                        return absl::OkStatus();
                      }),
                IsOk());
  };
  set_limit(absl::StrCat(ReadInteger(*store_, "PRAGMA page_count") + 2));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Write(*store_, Adding(std::string(100'000, 'x'))),
                Fails(absl::StatusCode::kResourceExhausted, "DISK_FULL", "the disk is full"));
  }
  EXPECT_THAT(Write(*store_, Adding()), IsOk());
  set_limit("1000000");
  EXPECT_THAT(Write(*store_, Adding(std::string(100'000, 'x'))), IsOk());
  EXPECT_EQ(Products(), 3);
  EXPECT_EQ(store_->head_revision(), 3);
}

// When the disk is full, SQLite rolls back the whole transaction: the earlier writes of the group
// are lost as well, and the later ones would have been committed one by one without their counters.
TEST_F(StoreTest, AFullDiskFailsTheWholeGroupAndStoresNoHalf) {
  EXPECT_THAT(Write(*store_, Adding()), IsOk());
  const int64_t pages = ReadInteger(*store_, "PRAGMA page_count") + 2;
  EXPECT_THAT(Write(*store_,
                    [&](WriteContext& context) {
                      context.session().Run(absl::StrCat("PRAGMA max_page_count = ", pages));
                      return absl::OkStatus();
                    }),
              IsOk());
  const auto results =
      WriteTogether(*store_, {Adding(), Adding(std::string(100'000, 'x')), Adding(), Adding()});
  EXPECT_THAT(results[1], Fails(absl::StatusCode::kResourceExhausted, "DISK_FULL", ""));
  EXPECT_THAT(results[2], IsOk());
  EXPECT_THAT(results[3], IsOk());
  const int stored = 1 + static_cast<int>(std::count_if(results.begin(), results.end(),
                                                        [](const auto& r) { return r.ok(); }));
  EXPECT_EQ(Products(), stored);
  EXPECT_EQ(store_->RowCount("products"), stored);
  EXPECT_EQ(store_->head_revision(), stored);
  EXPECT_EQ(ReadInteger(*store_, "SELECT MAX(revision) FROM products"), stored);
  Reopen();
  EXPECT_EQ(store_->head_revision(), stored);
  EXPECT_EQ(store_->RowCount("products"), stored);
}

}  // namespace
}  // namespace clustr::storage
