#include "services/bundles/program/whole_files.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/temp_folder.h"

namespace clustr::bundles {
namespace {

using ::testing::HasSubstr;

class WholeFilesTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Read(const std::string& path, int64_t max_bytes = 1 << 24) {
    return ReadWholeFile(path, "begin", max_bytes, {"the file " + path, "remove it"});
  }
  std::string Write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_.File(name), std::ios::binary) << bytes;
    return folder_.File(name);
  }

  testing::TempFolder folder_;
};

TEST_F(WholeFilesTest, ARegularFileIsReadUpToTheLimit) {
  const std::string bytes = "begin" + std::string(3'000'000, 'x');
  const std::string path = Write("file", bytes);
  EXPECT_EQ(*Read(path), bytes);
  EXPECT_EQ(*Read(path, 3'000'005), bytes);
  const absl::Status status = Read(path, 3'000'004).status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_EQ(status.message(), "the file " + path + " is larger than 3000004 bytes; remove it");
}

TEST_F(WholeFilesTest, OfAnotherKindOfFileOnlyTheBeginningIsRead) {
  const std::string path = Write("file", std::string(10'000'000, '\0'));
  EXPECT_LE(Read(path)->size(), 1 << 20);
  EXPECT_EQ(*Read(Write("short", "be")), "be");
}

TEST_F(WholeFilesTest, NothingButAFileIsWaitedFor) {
  const std::string pipe = folder_.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, folder_.File(""), std::string("/dev/zero")}) {
    EXPECT_TRUE(absl::IsDataLoss(Read(path).status())) << path;
    EXPECT_THAT(std::string(Read(path).status().message()), HasSubstr("is no regular file"));
  }
  EXPECT_TRUE(absl::IsNotFound(Read(folder_.File("none")).status()));
}

TEST_F(WholeFilesTest, AFolderIsListedAndAFileIsNone) {
  const std::string file = Write("file", "");
  EXPECT_THAT(*NamesInFolder(folder_.File("")), ::testing::ElementsAre("file"));
  EXPECT_THAT(*NamesInFolder(folder_.File("none")), ::testing::IsEmpty());
  EXPECT_TRUE(absl::IsNotFound(NamesInFolder(file).status()));
  EXPECT_EQ(ProblemOfFolder(folder_.File("none"), "the folder"), "");
  EXPECT_EQ(ProblemOfFolder(folder_.File(""), "the folder"), "");
  EXPECT_THAT(ProblemOfFolder(file, "the folder"), HasSubstr("the folder " + file + " is no"));
}

}  // namespace
}  // namespace clustr::bundles
