#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/storage/changes.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "soci/postgresql/soci-postgresql.h"
#include "tests/testing/matchers.h"
#include "tests/testing/postgres_server.h"
#include "tests/testing/store_access.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using testing::Fails;
using testing::IsOk;
using testing::ReadInteger;
using testing::Write;

constexpr absl::Duration kPatience = absl::Seconds(60);

// Stores as the servers of one service have them, on databases of one PostgreSQL server.
class SharedStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<testing::PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    static int databases = 0;
    url_ = server_->NewDatabaseUrl(absl::StrCat("shop", std::string(++databases, 'x')));
  }

  std::unique_ptr<Store> Open() {
    auto store = Store::Open(url_, {Product::descriptor()}, 4, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }

  // Adds a product as a service would and returns its id.
  int64_t Add(WriteContext& context) {
    Product product;
    product.set_product_sku(context.NextId("products"));
    product.set_product_name("Cap");
    product.set_revision(context.Revision());
    products_.Insert(context.session(), product);
    context.AddRows("products", 1);
    return product.product_sku();
  }

  absl::Status AddOne(Store& store) {
    return Write(store, [&](WriteContext& context) {
      Add(context);
      return absl::OkStatus();
    });
  }

  // True once `met` is, false after a minute.
  static bool Eventually(const std::function<bool()>& met) {
    const absl::Time end = absl::Now() + kPatience;
    while (!met()) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(2));
    }
    return true;
  }

  static std::unique_ptr<testing::PostgresServer> server_;
  const Table products_{*Product::descriptor()};
  ThreadPool pool_{4};
  std::string url_;
};

std::unique_ptr<testing::PostgresServer> SharedStoreTest::server_;

TEST_F(SharedStoreTest, KeepsRowsCountersAndHistoriesLikeAFile) {
  auto store = Open();
  EXPECT_TRUE(store->shared());
  EXPECT_EQ(store->head_revision(), 0);
  EXPECT_THAT(AddOne(*store), IsOk());
  EXPECT_THAT(AddOne(*store), IsOk());
  EXPECT_EQ(store->head_revision(), 2);
  const std::string first = store->store_id();
  store.reset();
  store = Open();
  EXPECT_EQ(store->head_revision(), 2);
  EXPECT_EQ(store->RowCount("products"), 2);
  EXPECT_NE(store->store_id(), first) << "nobody was there to continue the history";
  EXPECT_TRUE(store->CanResume(first, 2));
  EXPECT_FALSE(store->CanResume(first, 3));
  EXPECT_THAT(store->Problems(), ::testing::IsEmpty());
}

TEST_F(SharedStoreTest, AFailedCallIsRolledBackAloneAndADatabaseErrorDoesNotHarmTheOthers) {
  auto store = Open();
  const auto results = testing::WriteTogether(
      *store, {[&](WriteContext& context) {
                 Add(context);
                 return absl::OkStatus();
               },
               [&](WriteContext& context) {
                 Add(context);
                 return absl::AbortedError("no");
               },
               [&](WriteContext& context) {
                 context.session().Run("INSERT INTO nowhere VALUES (1)");
                 return absl::OkStatus();
               },
               [&](WriteContext& context) {
                 Add(context);
                 return absl::OkStatus();
               }});
  EXPECT_THAT(results[0], IsOk());
  EXPECT_THAT(results[1], Fails(absl::StatusCode::kAborted, "", "no"));
  EXPECT_THAT(results[2], Fails(absl::StatusCode::kInternal, "", "log has the error code"));
  EXPECT_THAT(results[3], IsOk());
  EXPECT_EQ(store->head_revision(), 2);
  EXPECT_EQ(ReadInteger(*store, "SELECT max(product_sku) FROM products"), 2);
}

TEST_F(SharedStoreTest, ASecondStoreContinuesTheHistoryAndNumbersOn) {
  auto one = Open();
  EXPECT_THAT(AddOne(*one), IsOk());
  auto two = Open();
  EXPECT_EQ(two->store_id(), one->store_id());
  EXPECT_EQ(two->head_revision(), 1);
  EXPECT_THAT(AddOne(*two), IsOk());
  EXPECT_EQ(two->head_revision(), 2);
  EXPECT_THAT(AddOne(*one), IsOk());
  EXPECT_EQ(one->head_revision(), 3);
  EXPECT_EQ(ReadInteger(*one, "SELECT count(DISTINCT revision) FROM products"), 3);
  EXPECT_EQ(ReadInteger(*one, "SELECT max(product_sku) FROM products"), 3);
  EXPECT_TRUE(Eventually([&] { return two->head_revision() == 3; }));
  EXPECT_EQ(two->RowCount("products"), 3);
  // The second goes on with it when the first has gone.
  const std::string id = one->store_id();
  one.reset();
  EXPECT_THAT(AddOne(*two), IsOk());
  EXPECT_TRUE(two->CanResume(id, 4));
}

TEST_F(SharedStoreTest, ACommitOfAnotherServerReachesTheListener) {
  auto one = Open();
  auto two = Open();
  std::atomic<int64_t> heard{0};
  two->OnCommit([&](int64_t head) { heard = head; });
  for (int64_t i = 1; i <= 20; ++i) {
    EXPECT_THAT(AddOne(*one), IsOk());
    EXPECT_TRUE(Eventually([&] { return heard == i; })) << i;
  }
}

// 16 writers on 2 servers with random delays in their transactions, and 3 followers.
TEST_F(SharedStoreTest, NoRevisionIsSkippedWhoeverWrites) {
  const char* const is_long = std::getenv("CLUSTR_LONG");
  const int commits = is_long != nullptr && std::string(is_long) == "1" ? 100'000 : 10'000;
  constexpr int kWriters = 16;
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::vector<std::unique_ptr<Store>> stores;
  stores.push_back(Open());
  stores.push_back(Open());
  std::atomic<int> left{commits};
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&, i] {
      std::mt19937_64 random(seed + i);
      Store& store = *stores[i % stores.size()];
      while (left.fetch_sub(1) > 0) {
        const auto delay = random() % 50 == 0 ? random() % 2000 : 0;
        failed += !Write(store, [&](WriteContext& context) {
                     Add(context);
                     if (delay > 0) absl::SleepFor(absl::Microseconds(delay));
                     return absl::OkStatus();
                   }).ok();
      }
    });
  }
  std::atomic<int> wrong{0};
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      Store& store = *stores[i % stores.size()];
      int64_t seen = 0;
      while (seen < commits && wrong == 0) {
        const int64_t known = store.head_revision();
        const absl::Status read = store.Read([&](Session& session) {
          const int64_t head = HeadRevision(session);
          // Whoever knows of a revision sees it, with all that are below it, and none above.
          wrong += head < known || head < seen;
          Statement& query = session.Prepared(
              "SELECT count(*), min(revision), max(revision) FROM products WHERE revision > :r",
              {schema::CellType::kInteger},
              {schema::CellType::kInteger, schema::CellType::kInteger,
               schema::CellType::kInteger});
          query.SetInteger(0, seen);
          query.Execute();
          while (query.Fetch()) {
            if (head == seen) {
              wrong += query.integer(0) != 0;
            } else {
              wrong += query.integer(0) != head - seen || query.integer(1) != seen + 1 ||
                       query.integer(2) != head;
            }
          }
          seen = head;
          return absl::OkStatus();
        });
        wrong += !read.ok();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(ReadInteger(*stores[0], "SELECT count(DISTINCT product_sku) FROM products"), commits);
  for (const auto& store : stores) {
    EXPECT_TRUE(Eventually([&] { return store->head_revision() == commits; }));
    EXPECT_EQ(store->RowCount("products"), commits);
  }
}

TEST_F(SharedStoreTest, ServersThatStartAtOnceMakeOneSchemaAndOneHistory) {
  std::vector<std::unique_ptr<Store>> stores(4);
  std::vector<std::thread> threads;
  for (auto& store : stores) threads.emplace_back([&] { store = Open(); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& store : stores) {
    EXPECT_EQ(store->store_id(), stores[0]->store_id());
    EXPECT_THAT(AddOne(*store), IsOk());
  }
  EXPECT_EQ(ReadInteger(*stores[0], "SELECT count(*) FROM clustr_histories"), 1);
  EXPECT_EQ(ReadInteger(*stores[0], "SELECT count(*) FROM products"), 4);
}

TEST_F(SharedStoreTest, GoesOnAfterACrashOfTheServer) {
  auto store = Open();
  EXPECT_THAT(AddOne(*store), IsOk());
  const std::string before = store->store_id();
  server_->Kill();
  const auto unreachable =
      Fails(absl::StatusCode::kUnavailable, "DATABASE_UNREACHABLE", "try again");
  EXPECT_THAT(AddOne(*store), unreachable);
  EXPECT_THAT(store->Read([](Session& session) {
    session.Integer("SELECT 1");
    return absl::OkStatus();
  }),
              unreachable);
  EXPECT_THAT(store->Problems(), ::testing::Contains(::testing::HasSubstr("could not be reached")));
  server_->Start();
  EXPECT_TRUE(Eventually([&] { return AddOne(*store).ok(); }));
  EXPECT_TRUE(Eventually([&] { return store->Problems().empty(); }));
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 2);
  // Nobody was there to continue the history, so the server begins one; nothing was lost.
  EXPECT_TRUE(Eventually([&] { return store->store_id() != before; }));
  EXPECT_TRUE(store->CanResume(before, 1));
}

TEST_F(SharedStoreTest, AConnectionThatWasLostUnnoticedCostsNoCall) {
  auto store = Open();
  EXPECT_THAT(AddOne(*store), IsOk());
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 1);
  const std::string before = store->store_id();
  for (int i = 0; i < 3; ++i) {
    // All but the own one, as an administrator or a firewall may.
    store
        ->Read([](Session& session) {
          session.Integer(
              "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
              "WHERE datname = current_database() AND pid <> pg_backend_pid()");
          session.Integer("SELECT count(pg_terminate_backend(pg_backend_pid()))");
          return absl::OkStatus();
        })
        .IgnoreError();
    EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), i + 1);
    EXPECT_THAT(AddOne(*store), IsOk());
  }
  EXPECT_TRUE(Eventually([&] { return store->store_id() != before; }));
  EXPECT_TRUE(store->CanResume(before, 1));
}

TEST_F(SharedStoreTest, ACommitWhoseAnswerIsLostHasAnUnknownOutcome) {
  auto store = Open();
  EXPECT_THAT(AddOne(*store), IsOk());
  // Ends the session in the middle of its COMMIT.
  EXPECT_THAT(Write(*store,
                    [](WriteContext& context) {
                      context.session().Run(
                          "CREATE FUNCTION hang_up() RETURNS trigger AS $$ BEGIN PERFORM "
                          "pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$ "
                          "LANGUAGE plpgsql");
                      context.session().Run(
                          "CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON products DEFERRABLE "
                          "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hang_up()");
                      return absl::OkStatus();
                    }),
              IsOk());
  EXPECT_THAT(AddOne(*store), Fails(absl::StatusCode::kUnavailable, "OUTCOME_UNKNOWN",
                                    "the database server did not confirm the write"));
  EXPECT_THAT(store->Problems(), ::testing::Contains(::testing::HasSubstr("check the database")));
  EXPECT_THAT(Write(*store,
                    [](WriteContext& context) {
                      context.session().Run("DROP TRIGGER hang_up ON products");
                      return absl::OkStatus();
                    }),
              IsOk());
  EXPECT_THAT(AddOne(*store), IsOk());
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 2);
  EXPECT_TRUE(Eventually([&] { return store->Problems().empty(); }));
}

TEST_F(SharedStoreTest, ACommitThatNoStandbyConfirmedHasAnUnknownOutcome) {
  auto store = Open();
  soci::session administrator(soci::postgresql, server_->NewDatabase("administration"));
  const auto set_standbys = [&](const std::string& names) {
    administrator << absl::StrCat("ALTER SYSTEM SET synchronous_standby_names = '", names, "'");
    administrator << "SELECT pg_reload_conf()";
  };
  set_standbys("none_of_this_name");
  std::thread cancels([&] {
    EXPECT_TRUE(Eventually([&] {
      int cancelled = 0;
      administrator << "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity "
                       "WHERE wait_event = 'SyncRep'",
          soci::into(cancelled);
      return cancelled > 0;
    }));
  });
  // PostgreSQL has stored it and says so, with a warning that it may not survive a failover.
  EXPECT_THAT(AddOne(*store), Fails(absl::StatusCode::kUnavailable, "OUTCOME_UNKNOWN",
                                    "the database server did not confirm the write"));
  cancels.join();
  set_standbys("");
  EXPECT_THAT(AddOne(*store), IsOk());
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 2);
}

TEST_F(SharedStoreTest, ADatabaseThatLostCommitsIsNotWrittenAnyMore) {
  auto store = Open();
  EXPECT_THAT(AddOne(*store), IsOk());
  std::atomic<int> found{0};
  store->OnDamage([&] { ++found; });
  // What an older copy, or a standby that was promoted too early, would have.
  EXPECT_THAT(store->Read([](Session&) { return absl::OkStatus(); }), IsOk());
  {
    auto other = Store::Open(url_, {Product::descriptor()}, 1, &pool_);
    ASSERT_THAT(other, IsOk());
    EXPECT_THAT(Write(**other,
                      [](WriteContext& context) {
                        context.session().Run(
                            "UPDATE clustr_counters SET value = 0 WHERE name = 'head_revision'");
                        return absl::OkStatus();
                      }),
                IsOk());
  }
  EXPECT_THAT(AddOne(*store), Fails(absl::StatusCode::kDataLoss, "DATABASE_DAMAGED", "GetStatus"));
  EXPECT_EQ(found, 1);
  EXPECT_THAT(store->Problems(),
              ::testing::Contains(::testing::HasSubstr("restart all servers that use it")));
}

TEST_F(SharedStoreTest, AReadEndsSoonAfterItsCallerHasGone) {
  auto store = Open();
  const auto sleep = [&](const Caller& caller) {
    return store->Read(
        [](Session& session) {
          session.Integer("SELECT 1 FROM pg_sleep(60)");
          return absl::OkStatus();
        },
        caller);
  };
  const SteadyTime start = SteadyNow();
  EXPECT_THAT(sleep({.deadline = Deadline::In(absl::Milliseconds(50))}),
              Fails(absl::StatusCode::kDeadlineExceeded, "", "deadline"));
  std::atomic<bool> cancelled{false};
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(50));
    cancelled = true;
  });
  EXPECT_THAT(sleep({.cancelled = &cancelled}), Fails(absl::StatusCode::kCancelled, "", "client"));
  canceller.join();
  EXPECT_LT(Since(start), absl::Seconds(30));
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 0);
}

TEST_F(SharedStoreTest, AReadSeesOneState) {
  auto store = Open();
  EXPECT_THAT(store->Read([&](Session& session) {
    const int64_t before = session.Integer("SELECT count(*) FROM products");
    EXPECT_THAT(AddOne(*store), IsOk());
    EXPECT_EQ(session.Integer("SELECT count(*) FROM products"), before);
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 1);
}

TEST_F(SharedStoreTest, WhatOnlyAFileCanDoIsTold) {
  auto store = Open();
  // PostgreSQL keeps older states of rows for itself.
  std::atomic<int> purged{-1};
  absl::Notification written;
  store->Submit({.work = [](WriteContext&) { return absl::OkStatus(); },
                 .done = [&](const absl::Status&) { written.Notify(); },
                 .purged = [&](bool all) { purged = all; }});
  written.WaitForNotification();
  EXPECT_EQ(purged, 0);
}

TEST_F(SharedStoreTest, AnotherServicesDatabaseIsRefused) {
  Open();
  EXPECT_THAT(Store::Open(url_, {ops::v1::BackupHeader::descriptor()}, 1, &pool_).status(),
              Fails(absl::StatusCode::kFailedPrecondition, "", "belongs to clustr-catalog"));
}

}  // namespace
}  // namespace clustr::storage
