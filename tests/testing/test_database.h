#ifndef CLUSTR_TESTS_TESTING_TEST_DATABASE_H_
#define CLUSTR_TESTS_TESTING_TEST_DATABASE_H_

#include <memory>
#include <string>

namespace clustr::testing {

// A new empty database, which ends with this: a SQLite file where a test program links
// clustr_testing_file, and a database of a PostgreSQL server, which all tests of the program share,
// where it links clustr_testing_postgres. So tests of what both must do are written once.
class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // Its address, as in --database.
  const std::string& url() const { return url_; }

 private:
  struct Place;
  std::unique_ptr<Place> place_;
  std::string url_;
};

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_TEST_DATABASE_H_
