#include "tests/testing/postgres_server.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "soci/postgresql/soci-postgresql.h"
#include "soci/soci.h"

namespace clustr::testing {
namespace {

std::string Setting(soci::session& session, const std::string& name) {
  std::string value;
  session << absl::StrCat("SHOW ", name), soci::into(value);
  return value;
}

// What the other tests on PostgreSQL rely on.
TEST(PostgresServerTest, IsARealServerThatKeepsWhatItConfirmed) {
  PostgresServer server;
  const std::string connection = server.NewDatabase("shop");
  soci::session session(soci::postgresql, connection);
  EXPECT_EQ(Setting(session, "server_version").substr(0, 3), "15.");
  EXPECT_EQ(Setting(session, "fsync"), "on");
  EXPECT_EQ(Setting(session, "synchronous_commit"), "on");
  EXPECT_EQ(Setting(session, "listen_addresses"), "");
  EXPECT_EQ(Setting(session, "server_encoding"), "UTF8");
  int in_english_order = 0;
  session << "SELECT CASE WHEN 'a' < 'B' AND 'B' < 'c' THEN 1 ELSE 0 END",
      soci::into(in_english_order);
  EXPECT_EQ(in_english_order, 1);

  session << "CREATE TABLE rows (k BIGINT PRIMARY KEY)";
  session << "INSERT INTO rows VALUES (7)";
  session.begin();
  session << "INSERT INTO rows VALUES (8)";
  server.Crash();
  EXPECT_THROW(session << "INSERT INTO rows VALUES (9)", soci::soci_error);
  soci::session again(soci::postgresql, connection);
  int64_t sum = 0;
  again << "SELECT CAST(SUM(k) AS BIGINT) FROM rows", soci::into(sum);
  EXPECT_EQ(sum, 7);
}

TEST(PostgresServerTest, AsksForThePassword) {
  PostgresServer server;
  const std::string connection = server.NewDatabase("shop");
  EXPECT_NO_THROW(soci::session(soci::postgresql, connection));
  ASSERT_TRUE(absl::StrContains(connection, "/passwords'"));
  const std::string without = absl::StrReplaceAll(connection, {{"/passwords'", "/none'"}});
  EXPECT_THROW(soci::session(soci::postgresql, without), soci::soci_error);
}

}  // namespace
}  // namespace clustr::testing
