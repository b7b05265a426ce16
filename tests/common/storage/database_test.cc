#include "common/storage/database.h"

#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using testing::Fails;
using testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

class DatabaseTest : public ::testing::Test {
 protected:
  testing::TempFolder folder_;
};

TEST_F(DatabaseTest, MakesTheFileAndItsFolders) {
  const auto database = Database::Open("sqlite:///" + folder_.File("a/b/c.db"), 1);
  EXPECT_THAT(database, IsOk());
  EXPECT_TRUE(std::filesystem::exists(folder_.File("a/b/c.db")));
}

// SQLite does not report every error of a change to the journal mode: an empty file, or half of its
// first page, took the place of the database, and every later start refused it.
TEST_F(DatabaseTest, AFirstStartThatTheDiskFailsLeavesNothingThatTheNextOneRefuses) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  for (const rlim_t bytes : {0, 100, 511, 512, 1000, 2048, 4095, 4096, 8192}) {
    const std::string url = "sqlite:///" + folder_.File(std::to_string(bytes) + "/test.db");
    const rlimit small = {bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    const bool opened = Database::Open(url, 1).ok();
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_FALSE(opened) << bytes;
    EXPECT_THAT(Database::Open(url, 1), IsOk()) << bytes;
  }
}

TEST_F(DatabaseTest, AFileIsOpenOnce) {
  auto first = Database::Open(folder_.DatabaseUrl(), 1);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Database::Open(folder_.DatabaseUrl(), 1),
              Fails(absl::StatusCode::kFailedPrecondition, "", "another server has "));
  first->reset();
  EXPECT_THAT(Database::Open(folder_.DatabaseUrl(), 1), IsOk());
}

// A lock file beside the database was passed by a link, and by whoever removed it: two servers then
// wrote one file and gave out revisions twice.
TEST_F(DatabaseTest, ALinkDoesNotOpenAFileTwice) {
  const auto first = Database::Open(folder_.DatabaseUrl(), 1);
  ASSERT_THAT(first, IsOk());
  std::filesystem::create_symlink(folder_.File("test.db"), folder_.File("symbolic.db"));
  std::filesystem::create_hard_link(folder_.File("test.db"), folder_.File("hard.db"));
  for (const char* link : {"symbolic.db", "hard.db"}) {
    EXPECT_THAT(Database::Open("sqlite:///" + folder_.File(link), 1),
                Fails(absl::StatusCode::kFailedPrecondition, "", "another server has "))
        << link;
  }
}

TEST_F(DatabaseTest, NoFileBesideTheDatabaseUnlocksIt) {
  const auto first = Database::Open("sqlite:///" + folder_.File("shop/shop.db"), 1);
  ASSERT_THAT(first, IsOk());
  for (const auto& file : std::filesystem::directory_iterator(folder_.File("shop"))) {
    if (file.path().filename() != "shop.db") std::filesystem::remove(file.path());
  }
  EXPECT_THAT(Database::Open("sqlite:///" + folder_.File("shop/shop.db"), 1),
              Fails(absl::StatusCode::kFailedPrecondition, "", "another server has "));
}

TEST_F(DatabaseTest, FilesAndTheirFolderAreForThisUserAlone) {
  const auto database = Database::Open("sqlite:///" + folder_.File("shop/shop.db"), 1);
  ASSERT_THAT(database, IsOk());
  (*database)->writer_session().Run("CREATE TABLE t (x BIGINT)");
  const auto mode = [](const std::filesystem::path& path) {
    return static_cast<int>(std::filesystem::status(path).permissions());
  };
  EXPECT_EQ(mode(folder_.File("shop")), 0700);
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_.File("shop"))) {
    EXPECT_EQ(mode(file.path()), 0600) << file.path();
    ++files;
  }
  EXPECT_EQ(files, 3);  // The database, its -wal and its -shm.
}

TEST_F(DatabaseTest, RefusesAFileThatIsNotADatabase) {
  std::ofstream(folder_.File("test.db")) << std::string(5000, 'x');
  EXPECT_THAT(Database::Open(folder_.DatabaseUrl(), 1),
              Fails(absl::StatusCode::kFailedPrecondition, "",
                    "is not a database; restore it from a backup"));
}

TEST_F(DatabaseTest, RefusesAFolderThatCannotBeWritten) {
  EXPECT_THAT(Database::Open("sqlite:////proc/clustr/test.db", 1),
              Fails(absl::StatusCode::kFailedPrecondition, "", "cannot write to /proc/clustr"));
}

TEST_F(DatabaseTest, RefusesOtherAddresses) {
  for (const char* url :
       {"", "test.db", "/tmp/test.db", "sqlite://test.db", "sqlite:///", "mysql://x"}) {
    EXPECT_THAT(Database::Open(url, 1), Fails(absl::StatusCode::kInvalidArgument, "",
                                              "is not a database address; give sqlite:///PATH"))
        << url;
  }
  EXPECT_THAT(
      Database::Open("sqlite:///a\"b.db", 1),
      Fails(absl::StatusCode::kInvalidArgument, "", "has a quote or a line break in its path"));
}

// Such an address is refused, but it may be the one of another program with its password.
TEST_F(DatabaseTest, ARefusalDoesNotRepeatAPassword) {
  for (const char* url :
       {"postgresql://clustr:hush@db/shop", "postgres://clustr:hush@db/shop",
        "POSTGRESQL://clustr:hush@db/shop", "mysql://clustr:hush@db/shop",
        "mysql://clustr:hu@hush@db/shop", "clustr:hush@db/shop", "postgresql:/clustr:hush@db/shop",
        "mysql://db/shop?user=clustr&password=hush", "host=db user=clustr password=hush",
        "host=db PASSWORD = 'hush'", "sqlite:///data/\nclustr:hush@db"}) {
    const auto database = Database::Open(url, 1);
    EXPECT_THAT(database, Fails(absl::StatusCode::kInvalidArgument, "", "--database="));
    EXPECT_THAT(database.status().message(), Not(HasSubstr("hush"))) << url;
  }
  EXPECT_THAT(Database::Open("mysql://clustr:hush@db/shop", 1),
              Fails(absl::StatusCode::kInvalidArgument, "",
                    "(not repeated here, since it may hold a password) is not a database address"));
  EXPECT_THAT(Database::Open("mysql://db/shop", 1),
              Fails(absl::StatusCode::kInvalidArgument, "", "--database=mysql://db/shop is not"));
}

TEST_F(DatabaseTest, APathMayHaveSpaces) {
  const std::string path = folder_.File("my  shop 's.db");
  ASSERT_THAT(Database::Open("sqlite:///" + path, 1), IsOk());
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(DatabaseTest, AReaderSeesOneStateHoweverLongItReads) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  database->writer_session().Run("CREATE TABLE t (x BIGINT)");
  EXPECT_THAT(database->Read([&](Session& session) {
    EXPECT_EQ(session.Integer("SELECT COUNT(*) FROM t"), 0);
    database->writer_session().Run("INSERT INTO t VALUES (1)");
    EXPECT_EQ(session.Integer("SELECT COUNT(*) FROM t"), 0);
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(database->Read([&](Session& session) {
    EXPECT_EQ(session.Integer("SELECT COUNT(*) FROM t"), 1);
    return absl::OkStatus();
  }),
              IsOk());
}

TEST_F(DatabaseTest, ReadersWaitForAFreeSession) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 2);
  std::atomic<int> inside{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) {
        EXPECT_THAT(database->Read([&](Session& session) {
          EXPECT_LE(++inside, 2);
          EXPECT_EQ(session.Integer("SELECT 7"), 7);
          --inside;
          return absl::OkStatus();
        }),
                    IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(DatabaseTest, AFailedReadLeavesItsSessionUsable) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  const absl::Status failed = database->Read([](Session& session) {
    session.Run("SELECT secret FROM nowhere WHERE value = 'bound'");
    return absl::OkStatus();
  });
  EXPECT_THAT(failed, Fails(absl::StatusCode::kInternal, "",
                            "the database failed; the log has the error code"));
  EXPECT_THAT(database->Read([](Session& session) {
    EXPECT_EQ(session.Integer("SELECT 7"), 7);
    return absl::OkStatus();
  }),
              IsOk());
}

// Runs a query that never ends unless it is interrupted.
int64_t CountForever(Session& session) {
  return session.Integer(
      "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT SUM(x) FROM n "
      "WHERE x % 2 = 0");
}

TEST_F(DatabaseTest, AStatementIsInterruptedWhenItsCallerCancels) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  std::atomic<bool> cancelled{false};
  std::atomic<bool> reading{false};
  std::thread client([&] {
    while (!reading) std::this_thread::yield();
    cancelled = true;
  });
  const auto count = [&](Session& session) {
    reading = true;
    CountForever(session);
    return absl::OkStatus();
  };
  EXPECT_THAT(database->Read(count, {{}, &cancelled}),
              Fails(absl::StatusCode::kCancelled, "", "the client cancelled the call"));
  client.join();
}

TEST_F(DatabaseTest, AStatementIsInterruptedAtTheTimeLimitOfTheServer) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  const auto count = [&](Session& session) {
    CountForever(session);
    return absl::OkStatus();
  };
  const std::string message = "filter by indexed fields";
  EXPECT_THAT(database->Read(count, {.limit = {Deadline::In(absl::Milliseconds(20)), &message}}),
              Fails(absl::StatusCode::kDeadlineExceeded, "TIME_LIMIT", message));
}

TEST_F(DatabaseTest, AStatementIsInterruptedAtItsDeadlineAndItsSessionStaysUsable) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  constexpr char kNumbers[] =
      "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :max) "
      "SELECT x FROM n";
  int64_t last = 0;
  const auto count_to = [&](int64_t max) {
    return [&, max](Session& session) {
      Statement& numbers =
          session.Prepared(kNumbers, {schema::CellType::kInteger}, {schema::CellType::kInteger});
      numbers.SetInteger(0, max);
      numbers.Execute();
      while (numbers.Fetch()) last = numbers.integer(0);
      return absl::OkStatus();
    };
  };
  EXPECT_THAT(database->Read(count_to(INT64_MAX), {Deadline::In(absl::Milliseconds(20))}),
              Fails(absl::StatusCode::kDeadlineExceeded, "", "the deadline passed"));
  EXPECT_THAT(database->Read(count_to(7)), IsOk());
  EXPECT_EQ(last, 7);
  // The interrupted read transaction has ended: the session sees a later write.
  database->writer_session().Run("CREATE TABLE t (x BIGINT)");
  EXPECT_THAT(database->Read([](Session& session) {
    EXPECT_EQ(session.Integer("SELECT COUNT(*) FROM t"), 0);
    return absl::OkStatus();
  }),
              IsOk());
}

TEST_F(DatabaseTest, ReportsAFullDisk) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  Session& session = database->writer_session();
  session.Run("CREATE TABLE t (x TEXT)");
  session.Run("PRAGMA max_page_count = 10");
  EXPECT_THAT(Database::Guard([&] {
                session.Run("INSERT INTO t VALUES (hex(zeroblob(100000)))");
                return absl::OkStatus();
              }),
              Fails(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                    "the disk is full: nothing was stored; make room and try again"));
}

TEST_F(DatabaseTest, APreparedStatementThatFailedRunsAgain) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  Session& session = database->writer_session();
  session.Run("CREATE TABLE t (x BIGINT PRIMARY KEY)");
  const auto insert = [&](int64_t x) {
    return Database::Guard([&] {
      Statement& statement =
          session.Prepared("INSERT INTO t (x) VALUES (:x)", {schema::CellType::kInteger});
      statement.SetInteger(0, x);
      statement.Change();
      return absl::OkStatus();
    });
  };
  EXPECT_THAT(insert(1), IsOk());
  EXPECT_THAT(insert(1), Not(IsOk()));
  EXPECT_THAT(insert(2), IsOk());
  EXPECT_EQ(session.Integer("SELECT COUNT(*) FROM t"), 2);
}

TEST_F(DatabaseTest, WritesAreSyncedBeforeTheyAreAcknowledged) {
  const auto database = *Database::Open(folder_.DatabaseUrl(), 1);
  constexpr int kFull = 2;
  EXPECT_EQ(database->writer_session().Integer("PRAGMA synchronous"), kFull);
}

}  // namespace
}  // namespace clustr::storage
