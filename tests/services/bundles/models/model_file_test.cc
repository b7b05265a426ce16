#include "services/bundles/models/model_file.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/products/model_bytes.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/testing/for_each_seed.h"
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

// Found by model_file_fuzz: every byte but 0 meant true, so a model had 255 texts and as many
// digests.
TEST_F(ModelFileTest, AByteThatIsNeitherTrueNorFalseIsRefused) {
  products::ProductModel model = products::RandomModel(1).Model(3);
  model.completion.takes_maximum = false;
  const std::string without = products::EncodeModel(model);
  model.completion.takes_maximum = true;
  const std::string with = products::EncodeModel(model);
  const auto changed = std::mismatch(without.begin(), without.end(), with.begin()).first;
  for (const char byte : {'\0', '\1', '\2', '\xff'}) {
    std::string bytes = without;
    bytes[changed - without.begin()] = byte;
    const auto decoded = products::DecodeModel(bytes);
    EXPECT_FALSE(decoded.has_value() && products::EncodeModel(*decoded) != bytes) << int{byte};
    if (byte != '\0' && byte != '\1') EXPECT_FALSE(decoded.has_value()) << int{byte};
  }
}

// A hundred files of each kind of damage. None is taken for a model, not even in part.
TEST_F(ModelFileTest, DamagedFilesAreRefused) {
  std::mt19937_64 random(RandomSeed());
  const auto below = [&](size_t bound) { return static_cast<size_t>(random() % bound); };
  StoredModel model;
  model.info.set_model_id("trained-1");
  model.products = products::RandomModel(random()).Model(50);
  model.bundles.emplace();
  const std::string path = folder_.File("trained-1.model");
  ASSERT_THAT(WriteModelFile(path, model), testing::IsOk());
  std::ifstream file(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::vector<std::pair<const char*, std::function<void(std::string*)>>> kinds = {
      {"flipped bit", [&](auto* bytes) { (*bytes)[below(bytes->size())] ^= 1 << below(8); }},
      {"cut off", [&](auto* bytes) { bytes->resize(below(bytes->size())); }},
      {"longer", [&](auto* bytes) { bytes->append(1 + below(600), static_cast<char>(random())); }},
      {"lost sector",
       [&](auto* bytes) {
         const size_t at = below(bytes->size()) / 512 * 512;
         const size_t size = std::min<size_t>(512, bytes->size() - at);
         bytes->replace(at, size, std::string(size, '\0'));
       }},
      {"garbled bytes",
       [&](auto* bytes) {
         const size_t at = below(bytes->size() - 20);
         for (size_t i = at; i < at + 20; ++i) (*bytes)[i] = static_cast<char>(random());
       }},
      {"lost bytes", [&](auto* bytes) { bytes->erase(below(bytes->size() - 20), 1 + below(20)); }},
      {"repeated bytes",
       [&](auto* bytes) {
         const size_t at = below(bytes->size() - 20);
         bytes->insert(at, bytes->substr(at, 1 + below(20)));
       }},
  };
  for (const auto& [name, damage] : kinds) {
    for (int i = 0; i < 100; ++i) {
      std::string bytes = whole;
      damage(&bytes);
      if (bytes == whole) continue;  // Zeros in place of zeros.
      std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
      EXPECT_TRUE(absl::IsDataLoss(ReadModelFile(path).status())) << name << " " << i;
    }
  }
  EXPECT_TRUE(absl::IsDataLoss(ReadModelFile("/dev/null").status()));
  EXPECT_TRUE(absl::IsNotFound(ReadModelFile(folder_.File("none.model")).status()));
}

}  // namespace
}  // namespace clustr::bundles
