#include "common/storage/server/server_lock.h"

#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/postgres_server.h"

namespace clustr::storage {
namespace {

using testing::Fails;
using testing::IsOk;

TEST(ServerLockTest, IsHeldByOneAtATimeAndEndsWithItsHolder) {
  testing::PostgresServer postgres;
  const std::string url = postgres.NewDatabaseUrl("shop");
  auto one = *ServerLock::Make(url, 1);
  auto other = *ServerLock::Make(url, 1);
  EXPECT_TRUE(*one->TryTake());
  EXPECT_FALSE(*other->TryTake());
  EXPECT_TRUE(*(*ServerLock::Make(url, 2))->TryTake()) << "another lock";
  const std::string elsewhere = postgres.NewDatabaseUrl("elsewhere");
  EXPECT_TRUE(*(*ServerLock::Make(elsewhere, 1))->TryTake()) << "of another database";

  one->Release();
  EXPECT_TRUE(*other->TryTake()) << "given back at once";
  EXPECT_FALSE(*one->TryTake());
  other.reset();  // As if its process were killed: PostgreSQL notices a little later.
  bool taken = false;
  for (int i = 0; i < 1'000 && !taken; ++i) taken = *one->TryTake();
  EXPECT_TRUE(taken);

  postgres.Kill();
  one->Release();
  EXPECT_THAT(one->TryTake(), Fails(absl::StatusCode::kUnavailable, "DATABASE_UNREACHABLE", ""));
}

}  // namespace
}  // namespace clustr::storage
