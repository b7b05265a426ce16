#include "common/storage/server/server_address.h"

#include "common/storage/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using clustr::testing::Fails;
using clustr::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ServerAddressTest, KeepsTheParametersAndAddsOurs) {
  const auto address = ReadServerAddress(
      "postgresql://clustr@db.example:5433/shop?sslmode=verify-full&connect_timeout=7");
  ASSERT_THAT(address, IsOk());
  EXPECT_EQ(address->shown, "postgresql://db.example:5433/shop");
  for (const char* part : {"host='db.example'", "port='5433'", "user='clustr'", "dbname='shop'",
                           "sslmode='verify-full'", "connect_timeout='7'",
                           "target_session_attrs='read-write'", "client_encoding='UTF8'"}) {
    EXPECT_THAT(address->connection, HasSubstr(part));
  }
  EXPECT_TRUE(IsServerAddress("postgres://db/shop"));
  EXPECT_FALSE(IsServerAddress("sqlite:///shop.db"));
}

TEST(ServerAddressTest, QuotesWhatLibpqWouldTakeApart) {
  const auto address = ReadServerAddress("postgresql://db/it%27s%5C%20here");
  ASSERT_THAT(address, IsOk());
  EXPECT_THAT(address->connection, HasSubstr(R"(dbname='it\'s\\ here')"));
}

TEST(ServerAddressTest, APasswordIsRefusedWithoutBeingRepeated) {
  for (const char* url :
       {"postgresql://clustr:hush@db/shop", "postgresql://clustr@db/shop?password=hush",
        "postgres://:hush@db/shop", "postgresql://db/shop?sslpassword=hush",
        "postgresql://clustr:hush@db:port:port/%zz"}) {
    const absl::Status refused = ReadServerAddress(url).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << url;
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("hush"))) << url;
  }
  EXPECT_THAT(ReadServerAddress("postgresql://clustr:hush@db/shop"),
              Fails(absl::StatusCode::kInvalidArgument, "", "PGPASSFILE"));
}

TEST(ServerAddressTest, AServerThatIsNotThereIsNamedWithItsRemedy) {
  const testing::TempFolder folder;
  const auto database = Database::Open("postgresql:///shop?host=" + folder.File(""), 1);
  EXPECT_THAT(database, Fails(absl::StatusCode::kFailedPrecondition, "", "No such file"));
  EXPECT_THAT(database, Fails(absl::StatusCode::kFailedPrecondition, "", "check that the server"));
}

}  // namespace
}  // namespace clustr::storage
