#include "common/storage/sql/sqlstate.h"

#include "common/storage/session.h"
#include "common/storage/sql/guard.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "soci/postgresql/soci-postgresql.h"
#include "tests/testing/matchers.h"
#include "tests/testing/postgres_server.h"

namespace clustr::storage {
namespace {

using absl::StatusCode;
using clustr::testing::Fails;
using clustr::testing::IsOk;

TEST(SqlstateTest, SaysWhatTheCallerShouldDo) {
  for (const char* busy : {"40001", "40P01", "55P03", "53200", "57014"}) {
    EXPECT_THAT(StatusOfSqlstate(busy), Fails(StatusCode::kUnavailable, "DATABASE_BUSY", "busy"))
        << busy;
  }
  for (const char* lost :
       {"     ", "", "08000", "08006", "28P01", "57P01", "57P02", "57P03", "53300", "25006"}) {
    EXPECT_THAT(StatusOfSqlstate(lost),
                Fails(StatusCode::kUnavailable, "DATABASE_UNREACHABLE", "try again"))
        << lost;
  }
  EXPECT_THAT(StatusOfSqlstate("53100"),
              Fails(StatusCode::kResourceExhausted, "DISK_FULL", "make room"));
  EXPECT_THAT(StatusOfSqlstate("XX001"),
              Fails(StatusCode::kDataLoss, "DATABASE_DAMAGED", "GetStatus"));
  EXPECT_THAT(StatusOfSqlstate("42601"), Fails(StatusCode::kInternal, "", "log has the error code"));
}

// The errors of a real server.
class GuardOnPostgresTest : public ::testing::Test {
 protected:
  void SetUp() override { Connect(); }

  void Connect() { session_.sql().open(soci::postgresql, connection_); }

  absl::Status Run(const std::string& sql) {
    return Guard([&] {
      session_.Run(sql);
      return absl::OkStatus();
    });
  }

  testing::PostgresServer server_;
  const std::string connection_ = server_.NewDatabase("shop");
  Session session_;
};

TEST_F(GuardOnPostgresTest, TellsALostServerFromABusyOneAndFromAWrongStatement) {
  EXPECT_THAT(Run("SELECT 'hush"), Fails(StatusCode::kInternal, "", "log has the error code"));
  EXPECT_THAT(Run("CREATE TABLE t (x BIGINT)"), IsOk());
  {
    soci::session other(soci::postgresql, connection_);
    other.begin();
    other << "LOCK TABLE t";
    EXPECT_THAT(Run("SET lock_timeout = '10ms'"), IsOk());
    EXPECT_THAT(Run("INSERT INTO t VALUES (1)"),
                Fails(StatusCode::kUnavailable, "DATABASE_BUSY", "busy"));
    EXPECT_THAT(Run("SET statement_timeout = '10ms'; SET lock_timeout = 0"), IsOk());
    EXPECT_THAT(Run("INSERT INTO t VALUES (1)"),
                Fails(StatusCode::kUnavailable, "DATABASE_BUSY", "busy"));
    other.rollback();
  }
  server_.Crash();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Run("INSERT INTO t VALUES (1)"),
                Fails(StatusCode::kUnavailable, "DATABASE_UNREACHABLE", "try again"));
  }
}

}  // namespace
}  // namespace clustr::storage
