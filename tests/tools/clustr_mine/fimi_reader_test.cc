#include "tools/clustr_mine/fimi_reader.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::mine {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReadFimiTest : public testing::Test {
 protected:
  ReadFimiTest() : folder_(testing::TempDir() + "fimi_XXXXXX") {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
  }
  ~ReadFimiTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  static void Run(const std::string& command) {
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  std::string folder_;
};

std::string Refusal(const std::string& path) {
  return std::string(ReadBaskets(path).status().message());
}

TEST_F(ReadFimiTest, ReadsPlainAndCompressedFiles) {
  const std::string plain = File("plain -- baskets.dat", "1 2\n3\n");
  Run("gzip -k '" + plain + "'");
  Run("xz -k '" + plain + "'");
  for (const std::string& path : {plain, plain + ".gz", plain + ".xz"}) {
    const absl::StatusOr<Transactions> read = ReadBaskets(path);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_THAT(read->names, ElementsAre(1, 2, 3)) << path;
    EXPECT_THAT(read->view().offsets, ElementsAre(0, 2, 3)) << path;
  }
}

TEST_F(ReadFimiTest, EmptyFileHasNoBaskets) {
  const absl::StatusOr<Transactions> read = ReadBaskets(File("empty", ""));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->view().size(), 0u);
}

TEST_F(ReadFimiTest, AnUnreadableFileIsReportedWithReasonAndRemedy) {
  EXPECT_EQ(ReadBaskets("/nonexistent.dat").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Refusal("/nonexistent.dat"),
              AllOf(HasSubstr("/nonexistent.dat cannot be read: No such file"), HasSubstr("give")));
  EXPECT_THAT(Refusal(folder_), HasSubstr("cannot be read: Is a directory"));
}

TEST_F(ReadFimiTest, ADamagedArchiveIsRefused) {
  EXPECT_THAT(Refusal(File("a.gz", "1 2\n")), HasSubstr("a.gz cannot be decompressed by gzip"));
  EXPECT_THAT(Refusal(File("a.xz", "")), HasSubstr("a.xz cannot be decompressed by xz"));
}

TEST_F(ReadFimiTest, ASyntaxErrorIsReportedWithTheFile) {
  EXPECT_THAT(Refusal(File("letters", "1\n2 b\n")), HasSubstr("letters, line 2, column 3: `b`"));
}

}  // namespace
}  // namespace clustr::mine
