#include "services/bundles/models/model_file.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
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

// The file as version 2 of the format had it: without what the products have learned since.
std::string AsVersion2(std::string bytes) {
  constexpr size_t kLine = sizeof("clustr model, version 3\n") - 1;
  constexpr size_t kDueBytes = 3 * sizeof(double);
  bytes.resize(bytes.size() - 32);
  uint64_t lengths[3];
  std::memcpy(lengths, &bytes[kLine], sizeof(lengths));
  bytes.erase(kLine + sizeof(lengths) + lengths[0] + lengths[1] - kDueBytes, kDueBytes);
  lengths[1] -= kDueBytes;
  std::memcpy(&bytes[kLine], lengths, sizeof(lengths));
  bytes[kLine - 2] = '2';
  return bytes + absl::HexStringToBytes(Sha256(bytes));
}

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_F(ModelFileTest, FileOfTheVersionBeforeIsRead) {
  StoredModel model;
  model.info.set_model_id("trained-1");
  model.products.skus = {5};
  model.products.counts = {3};
  model.products.recent = {0.5f};
  model.products.due = {20, 2, 0.5};
  const std::string path = folder_.File("trained-1.model");
  ASSERT_THAT(WriteModelFile(path, model), testing::IsOk());
  const std::string before = AsVersion2(Content(path));
  std::ofstream(path, std::ios::binary) << before;
  const auto read = ReadModelFile(path);
  ASSERT_THAT(read, testing::IsOk());
  EXPECT_EQ(read->products.due, products::DueWeights());
  model.products.due = {};
  EXPECT_EQ(read->products, model.products);
}

TEST_F(ModelFileTest, FileOfALaterVersionIsRefused) {
  const std::string path = folder_.File("trained-1.model");
  std::ofstream(path) << "clustr model, version 4\n";
  EXPECT_THAT(std::string(ReadModelFile(path).status().message()),
              ::testing::HasSubstr("was written by another version of Clustr; remove it"));
}

}  // namespace
}  // namespace clustr::bundles
