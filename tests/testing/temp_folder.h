#ifndef CLUSTR_TESTS_TESTING_TEMP_FOLDER_H_
#define CLUSTR_TESTS_TESTING_TEMP_FOLDER_H_

#include <string>

#include "absl/strings/string_view.h"

namespace clustr::testing {

// A new empty folder, which is removed with everything in it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  // Path of a file in the folder.
  std::string File(absl::string_view name) const;

  // Address of a SQLite database in the folder.
  std::string DatabaseUrl(absl::string_view name = "test.db") const;

 private:
  std::string path_;
};

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_TEMP_FOLDER_H_
