#ifndef CLUSTR_TESTS_TESTING_POSTGRES_SERVER_H_
#define CLUSTR_TESTS_TESTING_POSTGRES_SERVER_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/testing/temp_folder.h"

namespace clustr::testing {

// A real PostgreSQL 15 from Debian's package, as a child process with its data in a temporary
// folder. It listens on a Unix socket in that folder only, forces each commit to disk, and asks for
// a password. Texts that name no collation sort by the rules of English, as in many databases in
// use, so a query that needs the order of bytes must say so. PostgreSQL refuses to run as root;
// there it runs as the user `postgres`, which the package makes. A failure fails the test.
class PostgresServer {
 public:
  // Takes some seconds. To be called on the main thread: the server ends with the thread.
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Makes an empty database and returns how libpq connects to it. The text has no password, but
  // names a file that has it. `name` consists of lower-case letters.
  std::string NewDatabase(const std::string& name);

  // Makes an empty database and returns its address as in --database.
  std::string NewDatabaseUrl(const std::string& name);

  // Ends the server without a chance to write anything, as a crash does, and starts it again.
  void Crash();

  // The two halves of Crash.
  void Kill();
  void Start();

 private:
  std::string Connection(const std::string& database) const;
  void Stop(int signal);

  TempFolder folder_;
  pid_t process_ = -1;
};

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_POSTGRES_SERVER_H_
