#include "tests/testing/temp_folder.h"

#include <stdlib.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace clustr::testing {

TempFolder::TempFolder() {
  path_ = (std::filesystem::temp_directory_path() / "clustr_test_XXXXXX").string();
  if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make the folder " << path_;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::File(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

std::string TempFolder::DatabaseUrl(absl::string_view name) const {
  return absl::StrCat("sqlite:///", File(name));
}

}  // namespace clustr::testing
