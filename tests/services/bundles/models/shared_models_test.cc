#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/models/database_models.h"
#include "services/bundles/models/models.h"
#include "tests/services/bundles/models/trained.h"
#include "tests/testing/matchers.h"
#include "tests/testing/postgres_server.h"
#include "tests/testing/store_access.h"

namespace clustr::bundles {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;

constexpr absl::Duration kPatience = absl::Seconds(60);

// The models of several servers on one database of PostgreSQL.
class SharedModelsTest : public ::testing::Test {
 protected:
  struct Server {
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<Models> models;
  };

  static void SetUpTestSuite() { postgres_ = std::make_unique<testing::PostgresServer>(); }
  static void TearDownTestSuite() { postgres_.reset(); }

  void SetUp() override {
    static int databases = 0;
    url_ = postgres_->NewDatabaseUrl(absl::StrCat("models", std::string(++databases, 'x')));
  }

  Server Start(int64_t keep = 5) {
    Server server;
    auto store =
        storage::Store::Open(url_, {v1::BundleRule::descriptor()}, 1, &pool_, TablesOfModels());
    EXPECT_THAT(store, IsOk());
    server.store = *std::move(store);
    auto models = Models::Load(server.store.get(), std::make_unique<DatabaseModels>(), keep);
    EXPECT_THAT(models, IsOk());
    server.models = *std::move(models);
    return server;
  }

  static bool Eventually(const std::function<bool()>& met) {
    const absl::Time end = absl::Now() + kPatience;
    while (!met()) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(2));
    }
    return true;
  }

  static absl::Status Sql(storage::Store& store, const std::string& text) {
    return testing::Write(store, [&](storage::WriteContext& context) {
      context.session().Run(text);
      context.Revision();
      return absl::OkStatus();
    });
  }

  static std::unique_ptr<testing::PostgresServer> postgres_;
  ThreadPool pool_{1};
  std::string url_;
};

std::unique_ptr<testing::PostgresServer> SharedModelsTest::postgres_;

TEST_F(SharedModelsTest, AModelThatOneAddsIsKnownToTheOtherAtOnce) {
  const Server one = Start();
  const Server other = Start();
  for (int i = 1; i <= 20; ++i) {
    const auto added = one.models->Add(Trained(i));
    ASSERT_THAT(added, IsOk());
    const std::string model_id = (*added)->info.model_id();
    ASSERT_THAT(Known(*other.models, {model_id}), IsOk());
    const auto followed = other.models->Find(model_id);
    EXPECT_EQ((*followed)->info.SerializeAsString(), (*added)->info.SerializeAsString());
    EXPECT_EQ((*followed)->products->model(), Trained(i).products);
  }
  EXPECT_EQ(Ids(*other.models).size(), 6);
  EXPECT_TRUE(Eventually([&] { return Ids(*one.models) == Ids(*other.models); }));
}

TEST_F(SharedModelsTest, TheOthersFollowTheChoiceAndTheShares) {
  const Server one = Start();
  const Server other = Start();
  ASSERT_THAT(one.models->Add(Trained(1)), IsOk());
  EXPECT_THAT(Activate(*other.models, "trained-1"), IsOk());
  EXPECT_EQ(other.models->active()->info.model_id(), "trained-1");
  EXPECT_TRUE(Eventually([&] { return one.models->active()->info.model_id() == "trained-1"; }));
  EXPECT_THAT(Divide(*one.models, {{"trained-1", 20}, {"heuristic-v0", 80}}), IsOk());
  EXPECT_TRUE(Eventually([&] { return other.models->traffic_is_divided(); }));
  EXPECT_EQ(*Activate(*one.models, "heuristic-v0"), "trained-1");
  EXPECT_TRUE(Eventually([&] {
    return !other.models->traffic_is_divided() &&
           other.models->active()->info.model_id() == "heuristic-v0";
  }));
}

TEST_F(SharedModelsTest, WhatAnotherRemovedCannotBeChosenAndIsForgotten) {
  const Server one = Start(/*keep=*/1);
  const Server other = Start(/*keep=*/1);
  ASSERT_THAT(one.models->Add(Trained(1)), IsOk());
  ASSERT_THAT(Known(*other.models, {"trained-1"}), IsOk());
  ASSERT_THAT(one.models->Add(Trained(2)), IsOk());
  // Whether the other has noticed or not.
  EXPECT_THAT(Activate(*other.models, "trained-1"),
              Fails(absl::StatusCode::kNotFound, "MODEL_NOT_FOUND", R"(no model "trained-1")"));
  EXPECT_TRUE(Eventually([&] {
    return Ids(*other.models) == std::vector<std::string>{"trained-2", "heuristic-v0"};
  }));
}

TEST_F(SharedModelsTest, TheModelThatAnotherHasChosenIsKept) {
  const Server one = Start(/*keep=*/1);
  const Server other = Start(/*keep=*/1);
  ASSERT_THAT(one.models->Add(Trained(1)), IsOk());
  ASSERT_THAT(Activate(*other.models, "trained-1"), IsOk());
  ASSERT_THAT(one.models->Add(Trained(2)), IsOk());
  ASSERT_THAT(one.models->Add(Trained(3)), IsOk());
  EXPECT_THAT(Ids(*one.models), ElementsAre("trained-3", "trained-1", "heuristic-v0"));
}

TEST_F(SharedModelsTest, ModelsThatAreAddedAtOnceHaveNumbersOfTheirOwn) {
  constexpr int kAdded = 10;  // By each of two.
  const Server one = Start(2 * kAdded);
  const Server other = Start(2 * kAdded);
  const auto add = [](Models* models, uint64_t seed) {
    for (int i = 0; i < kAdded; ++i) EXPECT_THAT(models->Add(Trained(seed + i)), IsOk());
  };
  std::thread first(add, one.models.get(), 1);
  std::thread second(add, other.models.get(), 100);
  first.join();
  second.join();
  EXPECT_THAT(one.models->CatchUp(), IsOk());
  EXPECT_THAT(other.models->CatchUp(), IsOk());
  std::set<int64_t> seeds;
  for (const v1::Model& model : List(*one.models)) seeds.insert(model.seed());
  EXPECT_EQ(seeds.size(), 2 * kAdded + 1);
  EXPECT_EQ(Ids(*one.models), Ids(*other.models));
}

TEST_F(SharedModelsTest, ADamagedOrForeignModelIsRefusedByAllAndReported) {
  const Server one = Start();
  for (int i = 1; i <= 4; ++i) ASSERT_THAT(one.models->Add(Trained(i)), IsOk());
  ASSERT_THAT(Activate(*one.models, "trained-4"), IsOk());
  EXPECT_THAT(Sql(*one.store,
                  "UPDATE bundle_files SET content = 'AAAA' || substr(content, 5) "
                  "WHERE name = 'trained-2.model'"),
              IsOk());
  EXPECT_THAT(Sql(*one.store,
                  "UPDATE bundle_files SET content = (SELECT content FROM bundle_files "
                  "WHERE name = 'trained-1.model') WHERE name = 'trained-3.model'"),
              IsOk());
  EXPECT_THAT(Sql(*one.store,
                  "UPDATE bundle_files SET content = overlay(content placing 'AAAA' "
                  "from 1001) WHERE name = 'trained-4.model'"),
              IsOk());
  const Server other = Start();
  EXPECT_THAT(Ids(*other.models), ElementsAre("trained-1", "heuristic-v0"));
  EXPECT_THAT(
      other.models->Problems(),
      ElementsAre(
          "the model trained-2 in the database is no model; restore the database from a backup, or "
          "remove the rows of trained-2.model from its table bundle_files",
          HasSubstr(R"(the model trained-3 in the database is another model, "trained-1"; )"),
          HasSubstr("the model trained-4 in the database is damaged: its checksum is wrong; "),
          HasSubstr("the model trained-4, which was active, cannot be loaded; trained-1 answers")));
  EXPECT_EQ(other.models->active()->info.model_id(), "trained-1");
  EXPECT_THAT(Known(*other.models, {"trained-3"}),
              Fails(absl::StatusCode::kNotFound, "MODEL_NOT_FOUND", R"(no model "trained-3")"));
  // The remedies help without a restart.
  EXPECT_THAT(Sql(*one.store, "DELETE FROM bundle_files WHERE name <> 'trained-1.model'"), IsOk());
  EXPECT_THAT(Activate(*other.models, "trained-1"), IsOk());
  EXPECT_TRUE(Eventually([&] { return other.models->Problems().empty(); }));
}

TEST_F(SharedModelsTest, WhileTheDatabaseIsAwayTheModelsInMemoryAnswer) {
  const Server one = Start();
  const Server other = Start();
  ASSERT_THAT(one.models->Add(Trained(1)), IsOk());
  ASSERT_THAT(Known(*other.models, {"trained-1"}), IsOk());
  postgres_->Kill();
  EXPECT_THAT(Known(*other.models, {"trained-1"}), IsOk());
  EXPECT_THAT(Known(*other.models, {"trained-2"}),
              Fails(absl::StatusCode::kUnavailable, "DATABASE_UNREACHABLE", ""));
  postgres_->Start();
  EXPECT_TRUE(Eventually([&] { return one.models->Add(Trained(2)).ok(); }));
  EXPECT_TRUE(Eventually([&] { return Ids(*other.models)[0] != "trained-1"; }));
}

TEST_F(SharedModelsTest, AServerThatStartsLaterKnowsAll) {
  {
    const Server one = Start();
    ASSERT_THAT(one.models->Add(Trained(1, /*product_count=*/2'000)), IsOk()) << "several parts";
    ASSERT_THAT(Activate(*one.models, "trained-1"), IsOk());
    EXPECT_GT(testing::ReadInteger(*one.store, "SELECT count(*) FROM bundle_files"), 1);
  }
  const Server later = Start();
  EXPECT_THAT(later.models->Problems(), IsEmpty());
  EXPECT_EQ(later.models->active()->info.model_id(), "trained-1");
  EXPECT_EQ(later.models->active()->products->model(), Trained(1, 2'000).products);
}

}  // namespace
}  // namespace clustr::bundles
