#include "tests/testing/temp_folder.h"
#include "tests/testing/test_database.h"

namespace clustr::testing {

struct TestDatabase::Place {
  TempFolder folder;
};

TestDatabase::TestDatabase() : place_(std::make_unique<Place>()) {
  url_ = place_->folder.DatabaseUrl();
}

TestDatabase::~TestDatabase() = default;

}  // namespace clustr::testing
