#include "common/rpc/admin/backup_source.h"

#include <atomic>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/backup/backup_check.h"
#include "common/storage/table.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::rpc {
namespace {

using catalog::v1::Product;
using ops::v1::BackupResponse;
using testing::Fails;
using testing::IsOk;

class BackupSourceTest : public ::testing::Test {
 protected:
  void Add(int count) {
    const storage::Table products(*Product::descriptor());
    ASSERT_THAT(testing::Write(*store_,
                               [&](storage::WriteContext& context) {
                                 for (int i = 0; i < count; ++i) {
                                   Product row;
                                   row.set_product_sku(context.NextId("products"));
                                   row.set_product_name(std::string(200, 'n'));
                                   row.set_revision(context.Revision());
                                   products.Insert(context.session(), row);
                                   context.AddRows("products", 1);
                                 }
                                 return absl::OkStatus();
                               }),
                IsOk());
  }

  // Reads on until there is an error or nothing more; returns whether the backup was whole.
  absl::StatusOr<bool> ReadAll(BackupSource& source) {
    backup::BackupCheck check;
    BackupResponse response;
    while (true) {
      const absl::StatusOr<bool> more = source.Next(&response);
      if (!more.ok()) return more.status();
      if (!*more) return check.ended();
      EXPECT_THAT(check.Next(response.chunk()), IsOk());
    }
  }

  testing::TempFolder folder_;
  ThreadPool pool_{2};
  std::unique_ptr<storage::Store> store_ =
      *storage::Store::Open(folder_.DatabaseUrl(), {Product::descriptor()}, 1, &pool_);
};

TEST_F(BackupSourceTest, GivesTheWholeBackup) {
  Add(5000);
  BackupWatch watch({});
  BackupSource source(store_.get(), "1.0", &watch, [] { ADD_FAILURE(); });
  EXPECT_TRUE(*ReadAll(source));
}

TEST_F(BackupSourceTest, IsGivenUpIfTheClientReadsNothing) {
  Add(5000);
  BackupWatch watch({.max_pause = absl::Milliseconds(200)});
  absl::Notification cancelled;
  BackupSource source(store_.get(), "1.0", &watch, [&] { cancelled.Notify(); });
  BackupResponse response;
  EXPECT_TRUE(*source.Next(&response));
  cancelled.WaitForNotification();
  EXPECT_THAT(source.Next(&response), Fails(absl::StatusCode::kFailedPrecondition, "BACKUP_REFUSED",
                                            "the client read nothing"));
}

TEST_F(BackupSourceTest, IsGivenUpBeforeItsFirstMessageToo) {
  BackupWatch watch({.max_pause = absl::Milliseconds(200)});
  absl::Notification cancelled;
  BackupSource source(store_.get(), "1.0", &watch, [&] { cancelled.Notify(); });
  cancelled.WaitForNotification();
}

TEST_F(BackupSourceTest, IsGivenUpIfTheWalFileGrowsTooMuch) {
  Add(5000);
  BackupWatch watch({.max_pause = absl::Seconds(2), .max_wal_bytes = 100'000});
  BackupSource source(store_.get(), "1.0", &watch, [] {});
  BackupResponse response;
  absl::StatusOr<bool> more = source.Next(&response);
  EXPECT_TRUE(*more);
  Add(5000);
  while (more.ok() && *more) {
    absl::SleepFor(absl::Milliseconds(600));
    more = source.Next(&response);
  }
  EXPECT_THAT(more,
              Fails(absl::StatusCode::kFailedPrecondition, "BACKUP_REFUSED", "-wal file grew"));
}

// Within its cancellation, as gRPC may do it.
TEST_F(BackupSourceTest, MayEndWhileItIsCancelled) {
  BackupWatch watch({.max_pause = absl::Milliseconds(100)});
  absl::Notification ended;
  std::unique_ptr<BackupSource> source;
  absl::Mutex mutex;
  {
    absl::MutexLock lock(&mutex);
    source = std::make_unique<BackupSource>(store_.get(), "1.0", &watch, [&] {
      absl::MutexLock until_it_is_set(&mutex);
      source.reset();
      ended.Notify();
    });
  }
  ended.WaitForNotification();
}

}  // namespace
}  // namespace clustr::rpc
