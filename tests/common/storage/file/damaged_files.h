#ifndef CLUSTR_TESTS_COMMON_STORAGE_FILE_DAMAGED_FILES_H_
#define CLUSTR_TESTS_COMMON_STORAGE_FILE_DAMAGED_FILES_H_

#include <functional>
#include <random>
#include <string>
#include <vector>

namespace clustr::storage {

// Contents of the files of a database; empty for one that does not exist.
struct DatabaseFiles {
  std::string database;
  std::string wal;
  std::string shm;

  static DatabaseFiles Read(const std::string& path);
  void Write(const std::string& path) const;
};

// A way to damage files. `damage` always changes something.
struct Kind {
  std::string name;
  std::function<void(DatabaseFiles&, std::mt19937_64&)> damage;
};

// Ways to damage the database file itself, for files whose server ended by itself.
std::vector<Kind> DatabaseKinds();

// Ways to damage the -wal and -shm files of a server that was killed. `other` are the files of
// another database.
std::vector<Kind> WalKinds(const DatabaseFiles& other);

}  // namespace clustr::storage

#endif  // CLUSTR_TESTS_COMMON_STORAGE_FILE_DAMAGED_FILES_H_
