#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/backup/backup_check.h"
#include "common/storage/request_log.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/postgres_server.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

// Backups between SQLite and PostgreSQL, and restores into a database that several servers use.
namespace clustr::storage {
namespace {

using catalog::v1::Product;
using ops::v1::BackupContent;
using testing::BackUp;
using testing::DigestOf;
using testing::Fails;
using testing::IsOk;
using testing::ReadInteger;
using testing::Restore;
using testing::Write;

constexpr absl::Duration kPatience = absl::Seconds(60);

class SharedRestoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<testing::PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override { url_ = NewUrl(); }

  static std::string NewUrl() {
    static int databases = 0;
    return server_->NewDatabaseUrl(absl::StrCat("moved", std::string(++databases, 'x')));
  }

  std::unique_ptr<Store> Open(const std::string& url) {
    auto store = Store::Open(url, {Product::descriptor()}, 2, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }

  // A file with `count` products, of which some were removed, and an answer kept for a retry.
  std::unique_ptr<Store> FilledFile(int count) {
    auto store = Open(folder_.DatabaseUrl("source.db"));
    EXPECT_THAT(Write(*store,
                      [&](WriteContext& context) {
                        for (int i = 1; i <= count; ++i) {
                          Product row;
                          row.set_product_sku(context.NextId("products"));
                          row.set_product_name(absl::StrCat("Cap \xC3\xA9 ", i));
                          if (i % 3 == 0) row.set_category(i % 2 == 0 ? "" : "caps");
                          row.set_revision(context.Revision());
                          products_.Insert(context.session(), row);
                          context.AddRows("products", 1);
                        }
                        products_.Delete(context.session(), 2, context.Revision());
                        context.AddRows("products", -1);
                        RememberAnswer(context.session(), kKey, "the answer",
                                       absl::FromUnixSeconds(1'700'000'000));
                        return absl::OkStatus();
                      }),
                IsOk());
    return store;
  }

  static std::string AnswerIn(Store& store) {
    std::string answer;
    EXPECT_THAT(store.Read([&](Session& session) {
      const auto found = *FindAnswer(session, kKey);
      answer = found.value_or("none");
      return absl::OkStatus();
    }),
                IsOk());
    return answer;
  }

  absl::Status AddOne(Store& store) {
    return Write(store, [&](WriteContext& context) {
      Product product;
      product.set_product_sku(context.NextId("products"));
      product.set_product_name("Cap");
      product.set_revision(context.Revision());
      products_.Insert(context.session(), product);
      context.AddRows("products", 1);
      return absl::OkStatus();
    });
  }

  static bool Eventually(const std::function<bool()>& met) {
    const absl::Time end = absl::Now() + kPatience;
    while (!met()) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(2));
    }
    return true;
  }

  inline static const RetryKey kKey{"/Products/Create", "once", "aa", 17};
  static std::unique_ptr<testing::PostgresServer> server_;
  const Table products_{*Product::descriptor()};
  testing::TempFolder folder_;
  ThreadPool pool_{4};
  std::string url_;
};

std::unique_ptr<testing::PostgresServer> SharedRestoreTest::server_;

// A sequence does not go back with a transaction, so the server could not start any more: it
// numbered its history as one that was there.
TEST_F(SharedRestoreTest, ServersStartAfterARestoreThatEndedEarly) {
  for (int i = 0; i < 5; ++i) Open(url_);
  auto chunks = BackUp(*FilledFile(10));
  chunks.pop_back();
  EXPECT_FALSE(Restore(*Open(url_), chunks).ok());
  for (int i = 0; i < 5; ++i) Open(url_);
  EXPECT_EQ(ReadInteger(*Open(url_), "SELECT count(*) FROM clustr_histories"), 12);
}

TEST_F(SharedRestoreTest, AShopMovesToPostgresqlAndBackUnchanged) {
  const auto source = FilledFile(3000);
  const auto first = BackUp(*source);
  const auto moved = Open(url_);
  ASSERT_THAT(Restore(*moved, first), IsOk());
  EXPECT_EQ(moved->head_revision(), source->head_revision());
  EXPECT_EQ(moved->RowCount("products"), 2999);
  EXPECT_EQ(AnswerIn(*moved), "the answer");
  EXPECT_TRUE(moved->CanResume(source->store_id(), 1));
  const auto second = BackUp(*moved);
  EXPECT_EQ(DigestOf(second), DigestOf(first));
  const auto back = Open(folder_.DatabaseUrl("back.db"));
  ASSERT_THAT(Restore(*back, second), IsOk());
  EXPECT_EQ(DigestOf(BackUp(*back)), DigestOf(first));
  EXPECT_EQ(AnswerIn(*back), "the answer");
  EXPECT_TRUE(back->CanResume(source->store_id(), 1));
  EXPECT_TRUE(back->CanResume(moved->store_id(), 1));
}

// PostgreSQL numbers answers and histories itself, and must not begin at 1 again.
TEST_F(SharedRestoreTest, WhatIsNumberedGoesOnBehindTheRestoredRows) {
  ASSERT_THAT(Restore(*Open(url_), BackUp(*FilledFile(10))), IsOk());
  const auto moved = Open(url_);
  EXPECT_THAT(Write(*moved,
                    [](WriteContext& context) {
                      RememberAnswer(context.session(), {"/Products/Create", "twice", "bb", 18},
                                     "another", absl::Now());
                      return absl::OkStatus();
                    }),
              IsOk());
  EXPECT_EQ(ReadInteger(*moved, "SELECT count(DISTINCT seq) FROM request_log"), 2);
  EXPECT_EQ(ReadInteger(*moved, "SELECT seq FROM request_log WHERE key_hash = 18"), 2);
  // Of the file, of the server that restored, and of its next start.
  EXPECT_EQ(ReadInteger(*moved, "SELECT count(*) FROM clustr_histories"), 3);
  EXPECT_EQ(ReadInteger(*moved, "SELECT first_revision FROM clustr_histories ORDER BY seq LIMIT 1"),
            1);
}

TEST_F(SharedRestoreTest, TheOtherServersNoticeARestore) {
  const auto source = FilledFile(100);
  const auto one = Open(url_);
  const auto two = Open(url_);
  std::atomic<int> told{0};
  std::atomic<int64_t> head_when_told{-1};
  two->OnRestore([&] {
    head_when_told = two->head_revision();
    ++told;
  });
  EXPECT_FALSE(two->CanResume(source->store_id(), 1));
  ASSERT_THAT(Restore(*one, BackUp(*source)), IsOk());
  EXPECT_TRUE(Eventually([&] { return two->head_revision() == source->head_revision(); }));
  EXPECT_EQ(told, 1);
  EXPECT_EQ(head_when_told, 0) << "streams of the empty server end before they see its rows";
  EXPECT_TRUE(two->CanResume(source->store_id(), 1));
  EXPECT_EQ(two->store_id(), one->store_id());
  EXPECT_EQ(two->RowCount("products"), 99);
  // Neither gives an id or a revision a second time.
  EXPECT_THAT(AddOne(*two), IsOk());
  EXPECT_THAT(AddOne(*one), IsOk());
  EXPECT_EQ(ReadInteger(*one, "SELECT max(product_sku) FROM products"), 102);
  EXPECT_EQ(one->head_revision(), source->head_revision() + 2);
  EXPECT_EQ(told, 1);
}

TEST_F(SharedRestoreTest, AListenerThatComesLateIsTold) {
  const auto one = Open(url_);
  const auto two = Open(url_);
  ASSERT_THAT(Restore(*one, BackUp(*FilledFile(10))), IsOk());
  EXPECT_TRUE(Eventually([&] { return two->head_revision() > 0; }));
  int told = 0;
  two->OnRestore([&] { ++told; });
  EXPECT_EQ(told, 1);
  two->OnRestore([&] { ++told; });
  EXPECT_EQ(told, 1) << "but once";
}

TEST_F(SharedRestoreTest, AServerThatHasRowsFromAnotherIsNotRestored) {
  const auto one = Open(url_);
  const auto two = Open(url_);
  ASSERT_THAT(AddOne(*two), IsOk());
  EXPECT_THAT(Restore(*one, BackUp(*FilledFile(10))),
              Fails(absl::StatusCode::kFailedPrecondition, "NOT_EMPTY", "newest revision is 1"));
  EXPECT_EQ(ReadInteger(*one, "SELECT count(*) FROM products"), 1);
}

TEST_F(SharedRestoreTest, WritesOfOtherServersWaitAndThenFollowTheRestoredOnes) {
  const auto source = FilledFile(100);
  const auto chunks = BackUp(*source);
  const auto one = Open(url_);
  const auto two = Open(url_);
  absl::Notification half, go_on, restored;
  backup::BackupCheck check;
  size_t at = 0;
  absl::Status result;
  one->Restore(
      [&]() -> absl::StatusOr<BackupContent> {
        if (at == chunks.size() / 2) {
          half.Notify();
          go_on.WaitForNotification();
        }
        return check.Next(chunks[at++]);
      },
      [&](absl::Status status) {
        result = std::move(status);
        restored.Notify();
      });
  half.WaitForNotification();
  EXPECT_EQ(ReadInteger(*two, "SELECT count(*) FROM products"), 0) << "nothing is seen before";
  absl::Notification written;
  std::thread writer([&] {
    EXPECT_THAT(AddOne(*two), IsOk());
    written.Notify();
  });
  EXPECT_FALSE(written.WaitForNotificationWithTimeout(absl::Milliseconds(300)));
  go_on.Notify();
  restored.WaitForNotification();
  writer.join();
  EXPECT_THAT(result, IsOk());
  EXPECT_EQ(ReadInteger(*one, "SELECT max(product_sku) FROM products"), 101);
  EXPECT_EQ(two->head_revision(), source->head_revision() + 1);
}

TEST_F(SharedRestoreTest, NothingIsLeftOfARestoreThatLosesItsConnection) {
  const auto source = FilledFile(20'000);
  const auto chunks = BackUp(*source);
  const auto one = Open(url_);
  backup::BackupCheck check;
  size_t at = 0;
  absl::Status result;
  absl::Notification restored;
  one->Restore(
      [&]() -> absl::StatusOr<BackupContent> {
        if (at == chunks.size() - 2) {
          ReadInteger(*one,
                      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                      "datname = current_database() AND pid <> pg_backend_pid()");
        }
        return check.Next(chunks[at++]);
      },
      [&](absl::Status status) {
        result = std::move(status);
        restored.Notify();
      });
  restored.WaitForNotification();
  EXPECT_THAT(result, Fails(absl::StatusCode::kUnavailable, "DATABASE_UNREACHABLE", ""));
  EXPECT_TRUE(Eventually([&] { return one->Problems().size() <= 1; }));
  EXPECT_EQ(ReadInteger(*one, "SELECT count(*) FROM products"), 0);
  EXPECT_EQ(one->head_revision(), 0);
  EXPECT_TRUE(Eventually([&] { return Restore(*one, chunks).ok(); }));
  EXPECT_EQ(DigestOf(BackUp(*one)), DigestOf(chunks));
}

// A file may hold what only a damaged disk or another program writes.
TEST_F(SharedRestoreTest, ATextThatPostgresqlDoesNotStoreIsNamed) {
  const auto source = FilledFile(10);
  for (const char* text : {"X'FF'", "CAST(X'410042' AS TEXT)"}) {
    ASSERT_THAT(Write(*source,
                      [&](WriteContext& context) {
                        context.session().Run(absl::StrCat("UPDATE products SET category = ", text,
                                                           " WHERE product_sku = 7"));
                        return absl::OkStatus();
                      }),
                IsOk());
    const auto moved = Open(NewUrl());
    EXPECT_THAT(Restore(*moved, BackUp(*source)),
                Fails(absl::StatusCode::kFailedPrecondition, "BACKUP_REFUSED",
                      "column category of row 6 of table products (product_sku 7) has a text that "
                      "is damaged"));
    EXPECT_EQ(moved->head_revision(), 0);
  }
}

}  // namespace
}  // namespace clustr::storage
