#include <cstdlib>

#include "gtest/gtest.h"
#include "tests/testing/postgres_server.h"
#include "tests/testing/test_database.h"

namespace clustr::testing {
namespace {

// Started by the first test that needs it and ended behind the last one.
PostgresServer& SharedServer() {
  class Keeper : public ::testing::Environment {
   public:
    void TearDown() override { server.reset(); }
    std::unique_ptr<PostgresServer> server = std::make_unique<PostgresServer>();
  };
  static auto* keeper = static_cast<Keeper*>(
      ::testing::AddGlobalTestEnvironment(std::make_unique<Keeper>().release()));
  return *keeper->server;
}

// A name of lower-case letters, which tell the number.
std::string NameOf(int number) {
  std::string name = "test";
  for (; number > 0; number /= 26) name.push_back(static_cast<char>('a' + number % 26));
  return name;
}

}  // namespace

struct TestDatabase::Place {};

TestDatabase::TestDatabase() {
  static int databases = 0;
  url_ = SharedServer().NewDatabaseUrl(NameOf(++databases));
}

TestDatabase::~TestDatabase() = default;

}  // namespace clustr::testing
