#include "tests/chaos/disk/unsynced_files.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/temp_folder.h"

namespace clustr::chaos {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

constexpr int kSeeds = 100;
const std::string kOld(1024, 'o');
const std::string kNew(1024, 'n');

class UnsyncedFilesTest : public ::testing::Test {
 protected:
  void Write(UnsyncedFiles& files, const std::string& bytes) {
    files.Write(path_, 0, static_cast<int64_t>(bytes.size()));
    std::fstream(path_, std::ios::in | std::ios::out | std::ios::binary) << bytes;
  }

  // What the file, which is `kOld` at first, may hold after a power cut behind `work`.
  std::set<std::string> Left(const std::function<void(UnsyncedFiles&)>& work) {
    std::set<std::string> left;
    for (int seed = 0; seed < kSeeds; ++seed) {
      std::ofstream(path_, std::ios::binary) << kOld;
      UnsyncedFiles files;
      work(files);
      std::mt19937_64 random(seed);
      files.CutPower(random);
      std::stringstream bytes;
      bytes << std::ifstream(path_, std::ios::binary).rdbuf();
      left.insert(bytes.str());
    }
    return left;
  }

  testing::TempFolder folder_;
  const std::string path_ = folder_.File("file");
};

TEST_F(UnsyncedFilesTest, WhatIsNotSyncedIsThereOrNotOrTorn) {
  const auto left = Left([&](UnsyncedFiles& files) { Write(files, kNew); });
  EXPECT_THAT(left, IsSupersetOf({kOld, kNew}));
  EXPECT_GT(left.size(), 10u);
}

TEST_F(UnsyncedFilesTest, WhatIsSyncedStays) {
  EXPECT_THAT(Left([&](UnsyncedFiles& files) {
                Write(files, kNew);
                files.Synced(path_);
              }),
              ElementsAre(kNew));
}

TEST_F(UnsyncedFilesTest, ASyncDoesNotBringWhatAFailedOneLeftOut) {
  EXPECT_THAT(Left([&](UnsyncedFiles& files) {
                Write(files, kNew);
                files.SyncFailed(path_);
                files.Synced(path_);
              }),
              IsSupersetOf({kOld, kNew}));
}

TEST_F(UnsyncedFilesTest, AfterAFailedSyncWhatIsWrittenAndSyncedAgainStays) {
  EXPECT_THAT(Left([&](UnsyncedFiles& files) {
                Write(files, kNew);
                files.SyncFailed(path_);
                Write(files, kNew);
                files.Synced(path_);
              }),
              ElementsAre(kNew));
}

TEST_F(UnsyncedFilesTest, AnUnsyncedEndMayBeThereOrNot) {
  const auto left = Left([&](UnsyncedFiles& files) { Write(files, kOld + kNew); });
  EXPECT_THAT(left, IsSupersetOf({kOld, kOld + kNew}));
  for (const std::string& bytes : left) EXPECT_EQ(bytes.substr(0, kOld.size()), kOld);
}

TEST_F(UnsyncedFilesTest, AnUnsyncedTruncationMayBeUndone) {
  EXPECT_THAT(Left([&](UnsyncedFiles& files) {
                files.Truncate(path_, 0);
                std::filesystem::resize_file(path_, 0);
              }),
              IsSupersetOf({kOld, std::string()}));
}

TEST_F(UnsyncedFilesTest, ARemovedFileMayBeBackUntilItsFolderIsSynced) {
  for (const bool synced : {false, true}) {
    const auto left = Left([&](UnsyncedFiles& files) {
      files.Delete(path_);
      std::filesystem::remove(path_);
      if (synced) files.SyncedFolder(std::filesystem::path(path_).parent_path());
    });
    EXPECT_EQ(left.contains(kOld), !synced);
    EXPECT_TRUE(left.contains(""));
  }
}

}  // namespace
}  // namespace clustr::chaos
