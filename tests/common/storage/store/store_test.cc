#include "common/storage/store.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/storage/store/store_fixture.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using ::testing::ElementsAre;
using testing::Fails;
using testing::IsOk;
using testing::Write;
using testing::WriteTogether;

TEST_F(StoreTest, AnEmptyStoreIsAtRevisionZero) {
  EXPECT_EQ(store_->head_revision(), 0);
  EXPECT_EQ(store_->RowCount("products"), 0);
  EXPECT_EQ(store_->store_id().size(), 32);
}

TEST_F(StoreTest, ConcurrentWritesTakeDistinctRisingRevisions) {
  constexpr int kThreads = 8;
  constexpr int kWrites = 100;
  absl::Mutex mutex;
  std::vector<int64_t> revisions;
  std::vector<int64_t> ids;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      int64_t before = 0;
      for (int i = 0; i < kWrites; ++i) {
        int64_t revision = 0;
        int64_t id = 0;
        ASSERT_THAT(Write(*store_,
                          [&](WriteContext& context) {
                            id = Add(context);
                            revision = context.Revision();
                            return absl::OkStatus();
                          }),
                    IsOk());
        EXPECT_GT(revision, before);
        EXPECT_GE(store_->head_revision(), revision);
        before = revision;
        absl::MutexLock lock(&mutex);
        revisions.push_back(revision);
        ids.push_back(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(revisions.begin(), revisions.end());
  std::sort(ids.begin(), ids.end());
  std::vector<int64_t> all(kThreads * kWrites);
  std::iota(all.begin(), all.end(), 1);
  EXPECT_EQ(revisions, all);
  EXPECT_EQ(ids, all);
  EXPECT_EQ(Products(), kThreads * kWrites);
  EXPECT_EQ(store_->RowCount("products"), kThreads * kWrites);
}

TEST_F(StoreTest, WaitingWritesAreCommittedTogether) {
  std::vector<int64_t> heads;
  store_->OnCommit([&](int64_t head) { heads.push_back(head); });
  std::vector<std::function<absl::Status(WriteContext&)>> works(20, TakeRevision);
  for (const absl::Status& result : WriteTogether(*store_, works)) EXPECT_THAT(result, IsOk());
  EXPECT_EQ(store_->head_revision(), 20);
  EXPECT_LT(heads.size(), 10);
  EXPECT_EQ(heads.back(), 20);
}

TEST_F(StoreTest, AFailedWriteIsRolledBackAlone) {
  std::vector<int64_t> ids;
  const auto adding = [&](absl::Status end) {
    return [this, &ids, end](WriteContext& context) {
      ids.push_back(Add(context));
      return end;
    };
  };
  const auto results =
      WriteTogether(*store_, {adding(absl::OkStatus()), adding(absl::AbortedError("no")),
                              [this](WriteContext& context) {
                                Add(context);
                                context.session().Run("INSERT INTO nowhere VALUES (1)");
                                return absl::OkStatus();
                              },
                              adding(absl::OkStatus())});
  EXPECT_THAT(results[0], IsOk());
  EXPECT_THAT(results[1], Fails(absl::StatusCode::kAborted, "", "no"));
  EXPECT_THAT(results[2], Fails(absl::StatusCode::kInternal, "", "the database failed"));
  EXPECT_THAT(results[3], IsOk());
  EXPECT_EQ(Products(), 2);
  EXPECT_EQ(store_->RowCount("products"), 2);
  EXPECT_EQ(store_->head_revision(), 2);
  // Revision and id of a failed write are free again, since nobody has seen them.
  EXPECT_THAT(ids, ElementsAre(1, 2, 2));
}

TEST_F(StoreTest, AWriteThatChangesNothingTakesNoRevision) {
  EXPECT_THAT(Write(*store_,
                    [](WriteContext& context) {
                      EXPECT_EQ(context.taken_revision(), 0);
                      EXPECT_EQ(context.head_revision(), 0);
                      return absl::OkStatus();
                    }),
              IsOk());
  EXPECT_EQ(store_->head_revision(), 0);
  EXPECT_THAT(Write(*store_,
                    [](WriteContext& context) {
                      EXPECT_EQ(context.Revision(), 1);
                      EXPECT_EQ(context.Revision(), 1);
                      EXPECT_EQ(context.head_revision(), 1);
                      return absl::OkStatus();
                    }),
              IsOk());
  EXPECT_EQ(store_->head_revision(), 1);
}

TEST_F(StoreTest, ValidateOnlyChangesNothing) {
  EXPECT_THAT(Write(*store_, Adding(), /*validate_only=*/true), IsOk());
  EXPECT_EQ(Products(), 0);
  EXPECT_EQ(store_->RowCount("products"), 0);
  EXPECT_EQ(store_->head_revision(), 0);
  EXPECT_THAT(Write(*store_,
                    [](WriteContext& context) {
                      EXPECT_EQ(context.NextId("products"), 1);
                      return absl::OkStatus();
                    }),
              IsOk());
}

TEST_F(StoreTest, IdsAreNeverUsedAgain) {
  EXPECT_THAT(Write(*store_, Adding()), IsOk());
  EXPECT_THAT(Write(*store_, Adding()), IsOk());
  EXPECT_THAT(Write(*store_,
                    [&](WriteContext& context) {
                      products_.Delete(context.session(), 2, context.Revision());
                      context.AddRows("products", -1);
                      return absl::OkStatus();
                    }),
              IsOk());
  Reopen();
  EXPECT_THAT(Write(*store_,
                    [&](WriteContext& context) {
                      EXPECT_EQ(context.LastId("products"), 2);
                      EXPECT_EQ(Add(context), 3);
                      context.RaiseId("products", 5'000'000'000);
                      context.RaiseId("products", 40);
                      return absl::OkStatus();
                    }),
              IsOk());
  Reopen();
  EXPECT_THAT(Write(*store_,
                    [&](WriteContext& context) {
                      EXPECT_EQ(Add(context), 5'000'000'001);
                      return absl::OkStatus();
                    }),
              IsOk());
}

TEST_F(StoreTest, CommitsWaitingWritesBeforeItEnds) {
  absl::BlockingCounter done(200);
  for (int i = 0; i < 200; ++i) {
    store_->Submit({Adding(), [&](const absl::Status& status) {
                      EXPECT_THAT(status, IsOk());
                      done.DecrementCount();
                    }});
  }
  Reopen();
  done.Wait();
  EXPECT_EQ(Products(), 200);
}

// 16 imports delayed a purchase by 16 batches, for about 2 s.
TEST_F(StoreTest, ACallDoesNotQueueBehindTheBatchesOfImports) {
  constexpr int kCount = 16;
  absl::Notification release;
  absl::BlockingCounter done(2 * kCount + 1);
  std::vector<bool> order;  // Whether each job was in bulk; only the writer thread adds to it.
  const auto submit = [&](bool bulk, std::function<void()> before) {
    store_->Submit({[&, bulk, before](WriteContext&) {
                      before();
                      order.push_back(bulk);
                      // As long as a group may last, so that each batch is a group of its own.
                      if (bulk) absl::SleepFor(absl::Milliseconds(11));
                      return absl::OkStatus();
                    },
                    [&](const absl::Status&) { done.DecrementCount(); }, false, bulk});
  };
  submit(true, [&] { release.WaitForNotification(); });
  for (int i = 0; i < kCount; ++i) submit(true, [] {});
  for (int i = 0; i < kCount; ++i) submit(false, [] {});
  release.Notify();
  done.Wait();
  // All calls are one group, which comes after the batch that was under way.
  const auto last_call = std::find(order.rbegin(), order.rend(), false).base() - order.begin();
  EXPECT_LE(std::count(order.begin(), order.begin() + last_call, true), 2);
}

TEST_F(StoreTest, ImportsGoOnWhileCallsKeepComing) {
  constexpr int kCallers = 4;
  absl::Notification imported;
  absl::BlockingCounter ended(kCallers);
  std::function<void()> call = [&] {
    store_->Submit({[](WriteContext&) { return absl::OkStatus(); },
                    [&](const absl::Status&) {
                      if (imported.HasBeenNotified()) return void(ended.DecrementCount());
                      call();
                    }});
  };
  for (int i = 0; i < kCallers; ++i) call();
  store_->Submit({[](WriteContext&) { return absl::OkStatus(); },
                  [&](const absl::Status&) { imported.Notify(); }, false, true});
  imported.WaitForNotification();
  ended.Wait();
}

TEST_F(StoreTest, OneFileHasOneStore) {
  EXPECT_THAT(Store::Open(folder_.DatabaseUrl(), {Product::descriptor()}, 1, &pool_),
              Fails(absl::StatusCode::kFailedPrecondition, "", "another server has "));
}

}  // namespace
}  // namespace clustr::storage
