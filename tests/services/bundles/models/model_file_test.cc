#include "services/bundles/models/model_file.h"

#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/temp_folder.h"

namespace clustr::bundles {
namespace {

using testing::Fails;

class ModelFileTest : public ::testing::Test {
 protected:
  testing::TempFolder folder_;
};

// UNAVAILABLE came without a reason, so no program could tell it from a server that is away.
TEST_F(ModelFileTest, AFileThatCannotBeWrittenIsNotStored) {
  EXPECT_THAT(WriteModelFile(folder_.File("no_such_folder/trained-1.model"), {}),
              Fails(absl::StatusCode::kUnavailable, "NOT_STORED",
                    "cannot store the model: No such file or directory; check the disk and the "
                    "permissions of the folder of models (--models)"));
}

TEST_F(ModelFileTest, WhatWasWrittenReadsBack) {
  StoredModel model;
  model.info.set_model_id("trained-1");
  const std::string path = folder_.File("trained-1.model");
  EXPECT_THAT(WriteModelFile(path, model), testing::IsOk());
  const auto read = ReadModelFile(path);
  ASSERT_THAT(read, testing::IsOk());
  EXPECT_EQ(read->info.model_id(), "trained-1");
  EXPECT_EQ(DigestOf(*read), DigestOf(model));
}

}  // namespace
}  // namespace clustr::bundles
