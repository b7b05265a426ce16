#include "services/bundles/models/models.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/storage/server/server_address.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/models/database_models.h"
#include "services/bundles/models/folder_models.h"
#include "tests/services/bundles/models/trained.h"
#include "tests/testing/matchers.h"
#include "tests/testing/temp_folder.h"
#include "tests/testing/test_database.h"

namespace clustr::bundles {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using ::testing::IsEmpty;
using testing::IsOk;

// The models of one server, which keeps them in a folder if its database is a file, and in the
// database otherwise.
class ModelsTest : public ::testing::Test {
 protected:
  void Start(int64_t keep = 5) {
    models_.reset();
    store_.reset();
    auto store = storage::Store::Open(database_.url(), {v1::BundleRule::descriptor()}, 1, &pool_,
                                      TablesOfModels());
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
    std::unique_ptr<ModelKeeper> keeper;
    if (storage::IsServerAddress(database_.url())) {
      keeper = std::make_unique<DatabaseModels>();
    } else {
      keeper = std::make_unique<FolderModels>(folder_.File("models"));
    }
    auto models = Models::Load(store_.get(), std::move(keeper), keep);
    ASSERT_THAT(models, IsOk());
    models_ = *std::move(models);
  }

  std::string Add(uint64_t seed) {
    const auto added = models_->Add(Trained(seed));
    EXPECT_THAT(added, IsOk());
    return added.ok() ? (*added)->info.model_id() : "";
  }

  testing::TestDatabase database_;
  testing::TempFolder folder_;
  ThreadPool pool_{1};
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<Models> models_;
};

TEST_F(ModelsTest, ModelsAndTheChoiceSurviveARestart) {
  Start();
  EXPECT_EQ(Add(1), "trained-1");
  EXPECT_EQ(Add(2), "trained-2");
  EXPECT_EQ(*Activate(*models_, "trained-1"), "heuristic-v0");
  EXPECT_EQ(*Activate(*models_, "trained-2"), "trained-1");
  const std::vector<v1::Model> before = List(*models_);
  Start();
  EXPECT_THAT(models_->Problems(), IsEmpty());
  ASSERT_THAT(Ids(*models_), ElementsAre("trained-2", "trained-1", "heuristic-v0"));
  const std::vector<v1::Model> after = List(*models_);
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].SerializeAsString(), before[i].SerializeAsString());
  }
  EXPECT_EQ(models_->active()->info.model_id(), "trained-2");
  EXPECT_EQ((*models_->Find("trained-1"))->info.digest(), DigestOf(Trained(1)));
  EXPECT_EQ((*models_->Find("trained-1"))->products->model(), Trained(1).products);
}

TEST_F(ModelsTest, WhatIsNoFileIsSetAsideAndNamed) {
  if (storage::IsServerAddress(database_.url())) GTEST_SKIP() << "models are in the database";
  Start();
  EXPECT_EQ(Add(1), "trained-1");
  EXPECT_EQ(Add(2), "trained-2");
  const std::string path = folder_.File("models");
  std::filesystem::remove(path + "/trained-1.model");
  ASSERT_EQ(mkfifo((path + "/trained-1.model").c_str(), 0600), 0);
  std::filesystem::create_directory(path + "/trained-3.model");
  std::filesystem::create_symlink("/dev/zero", path + "/trained-4.model");
  std::ofstream(path + "/trained-5.model");
  std::filesystem::resize_file(path + "/trained-5.model", uint64_t{8} << 30);
  Start();
  EXPECT_THAT(Ids(*models_), ElementsAre("trained-2", "heuristic-v0"));
  EXPECT_EQ(models_->Problems().size(), 4);
  for (const char* name : {"trained-1", "trained-3", "trained-4", "trained-5"}) {
    EXPECT_THAT(models_->Problems(), ::testing::Contains(::testing::HasSubstr(name)));
  }
}

TEST_F(ModelsTest, SharesOfTheTrafficSurviveARestartAndEndWithAChoice) {
  Start();
  Add(1);
  EXPECT_THAT(Divide(*models_, {{"trained-1", 30}, {"heuristic-v0", 70}}), IsOk());
  EXPECT_TRUE(models_->traffic_is_divided());
  Start();
  EXPECT_TRUE(models_->traffic_is_divided());
  EXPECT_EQ(models_->InfoOf(**models_->Find("trained-1")).traffic_percent(), 30);
  EXPECT_THAT(Activate(*models_, "trained-1"), IsOk());
  EXPECT_FALSE(models_->traffic_is_divided());
  Start();
  EXPECT_FALSE(models_->traffic_is_divided());
  EXPECT_EQ(models_->InfoOf(**models_->Find("trained-1")).traffic_percent(), 100);
}

TEST_F(ModelsTest, OnlyTheNewestAreKeptBesidesThoseInUse) {
  Start(/*keep=*/3);
  Add(1);
  Add(2);
  EXPECT_THAT(Divide(*models_, {{"trained-1", 50}, {"heuristic-v0", 50}}), IsOk());
  Add(3);
  Add(4);
  EXPECT_THAT(Ids(*models_), ElementsAre("trained-4", "trained-3", "trained-1", "heuristic-v0"));
  Start(/*keep=*/3);
  EXPECT_THAT(Ids(*models_), ElementsAre("trained-4", "trained-3", "trained-1", "heuristic-v0"));
  EXPECT_THAT(Activate(*models_, "trained-2"),
              Fails(absl::StatusCode::kNotFound, "MODEL_NOT_FOUND", R"(no model "trained-2")"));
  EXPECT_EQ(Add(5), "trained-5") << "a number is not given out twice";
}

TEST_F(ModelsTest, AModelThatIsNotThereIsNeitherFoundNorChosen) {
  Start();
  EXPECT_THAT(Known(*models_, {"heuristic-v0", "trained-7"}),
              Fails(absl::StatusCode::kNotFound, "MODEL_NOT_FOUND", R"(no model "trained-7")"));
  EXPECT_THAT(Known(*models_, {"", "heuristic-v0"}), IsOk());
  EXPECT_THAT(Divide(*models_, {{"trained-7", 50}, {"heuristic-v0", 50}}),
              Fails(absl::StatusCode::kNotFound, "MODEL_NOT_FOUND", R"(no model "trained-7")"));
  EXPECT_FALSE(models_->traffic_is_divided());
}

}  // namespace
}  // namespace clustr::bundles
