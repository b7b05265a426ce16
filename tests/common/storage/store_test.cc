#include "common/storage/store.h"

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <numeric>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/storage/file/opening.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using ::testing::ElementsAre;
using testing::Fails;
using testing::IsOk;
using testing::ReadInteger;
using testing::Write;
using testing::WriteTogether;

class StoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open() {
    auto store = Store::Open(folder_.DatabaseUrl(), {Product::descriptor()}, 2, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }

  void Reopen() {
    store_.reset();
    store_ = Open();
  }

  // Adds a product as a service would and returns its id.
  int64_t Add(WriteContext& context, const std::string& name = "Cap") {
    Product product;
    product.set_product_sku(context.NextId("products"));
    product.set_product_name(name);
    product.set_revision(context.Revision());
    products_.Insert(context.session(), product);
    context.AddRows("products", 1);
    return product.product_sku();
  }

  std::function<absl::Status(WriteContext&)> Adding(const std::string& name = "Cap") {
    return [this, name](WriteContext& context) {
      Add(context, name);
      return absl::OkStatus();
    };
  }

  static absl::Status TakeRevision(WriteContext& context) {
    context.Revision();
    return absl::OkStatus();
  }

  int64_t Products() { return ReadInteger(*store_, "SELECT COUNT(*) FROM products"); }

  testing::TempFolder folder_;
  ThreadPool pool_{4};
  const Table products_{*Product::descriptor()};
  std::unique_ptr<Store> store_ = Open();
};

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

// The former version let an import bring the greatest id, after which no row got one.
class PoisonedCounterTest : public StoreTest {
 protected:
  static constexpr int64_t kGreatest = (int64_t{1} << 53) - 1;

  PoisonedCounterTest() {
    const auto insert = [&](WriteContext& context, int64_t id) {
      Product product;
      product.set_product_sku(id);
      product.set_revision(context.Revision());
      products_.Insert(context.session(), product);
      context.RaiseId("products", id);
      context.AddRows("products", 1);
    };
    EXPECT_THAT(Write(*store_,
                      [&](WriteContext& context) {
                        for (const int64_t id : {int64_t{5}, int64_t{8}, kGreatest}) {
                          insert(context, id);
                        }
                        products_.Delete(context.session(), 8, context.Revision());
                        return absl::OkStatus();
                      }),
                IsOk());
  }
};

TEST_F(PoisonedCounterTest, IsReportedWithItsRemedy) {
  EXPECT_THAT(store_->Problems(),
              ElementsAre("only 0 ids are left for new rows of products; restart this server, "
                          "which then continues after the greatest id of at most "
                          "9006099743113215"));
}

TEST_F(PoisonedCounterTest, ContinuesAfterTheGreatestUsableIdAtTheNextStart) {
  Reopen();
  EXPECT_THAT(store_->Problems(), ::testing::IsEmpty());
  int64_t id = 0;
  EXPECT_THAT(Write(*store_,
                    [&](WriteContext& context) {
                      id = Add(context);
                      return absl::OkStatus();
                    }),
              IsOk());
  EXPECT_EQ(id, 9);  // 8 was deleted, and an id is never used twice.
  Reopen();
  EXPECT_EQ(ReadInteger(*store_, "SELECT value FROM clustr_counters WHERE name = 'ids:products'"),
            9);
}

// Found by catalog_rows_fuzz: with a damaged counter, every new row failed for ever.
TEST_F(StoreTest, AnIdCounterThatLagsBehindTheRowsIsRaisedAtTheNextStart) {
  for (const char* damage :
       {"UPDATE clustr_counters SET value = 1 WHERE name = 'ids:products'",
        "UPDATE clustr_counters SET value = -9223372036854775808 WHERE name = 'ids:products'",
        "UPDATE clustr_counters SET name = x'ff80' WHERE name = 'ids:products'"}) {
    SCOPED_TRACE(damage);
    for (int i = 0; i < 3; ++i) EXPECT_THAT(Write(*store_, Adding()), IsOk());
    EXPECT_THAT(Write(*store_,
                      [&](WriteContext& context) {
                        context.session().Run(damage);
                        return absl::OkStatus();
                      }),
                IsOk());
    Reopen();
    EXPECT_THAT(Write(*store_, Adding()), IsOk());
  }
}

TEST_F(StoreTest, AHeadRevisionThatLagsBehindTheRowsIsRaisedAtTheNextStart) {
  for (const char* damage :
       {"UPDATE clustr_counters SET value = 1 WHERE name = 'head_revision'",
        "UPDATE clustr_counters SET value = -9223372036854775808 WHERE name = 'head_revision'",
        "DELETE FROM clustr_counters WHERE name = 'head_revision'"}) {
    for (const bool newest_is_removed : {false, true}) {
      SCOPED_TRACE(absl::StrCat(damage, newest_is_removed ? ", newest is removed" : ""));
      int64_t id = 0;
      EXPECT_THAT(Write(*store_,
                        [&](WriteContext& context) {
                          id = Add(context);
                          return absl::OkStatus();
                        }),
                  IsOk());
      if (newest_is_removed) {
        EXPECT_THAT(Write(*store_,
                          [&](WriteContext& context) {
                            products_.Delete(context.session(), id, context.Revision());
                            return absl::OkStatus();
                          }),
                    IsOk());
      }
      const int64_t newest = store_->head_revision();
      store_.reset();
      {
        Session session;
        OpenSession(folder_.File("test.db"), nullptr, &session);
        session.Run(damage);
      }
      store_ = Open();
      EXPECT_EQ(store_->head_revision(), newest);
    }
  }
}

// Found by catalog_rows_fuzz: the server ended with `the database failed` alone.
TEST_F(StoreTest, SystemTablesThatCannotBeUsedAreExplainedAtTheStart) {
  EXPECT_THAT(Write(*store_,
                    [](WriteContext& context) {
                      context.session().Run("UPDATE OR IGNORE clustr_columns SET column_name = 0");
                      return absl::OkStatus();
                    }),
              IsOk());
  store_.reset();
  EXPECT_THAT(Store::Open(folder_.DatabaseUrl(), {Product::descriptor()}, 1, &pool_),
              Fails(absl::StatusCode::kFailedPrecondition, "",
                    "do not fit together; restore the database from a backup"));
}

TEST_F(StoreTest, CountersAreThereAfterARestart) {
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Write(*store_, Adding()), IsOk());
  Reopen();
  EXPECT_EQ(store_->head_revision(), 3);
  EXPECT_EQ(store_->RowCount("products"), 3);
  EXPECT_EQ(Products(), 3);
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
