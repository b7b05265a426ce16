#include "tests/testing/postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "soci/postgresql/soci-postgresql.h"
#include "soci/soci.h"

namespace clustr::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

std::string Program(const char* name) { return absl::StrCat("/usr/lib/postgresql/15/bin/", name); }

// The user that PostgreSQL runs as; null if the own user may run it.
const passwd* OtherUser() { return geteuid() == 0 ? getpwnam("postgres") : nullptr; }

void GiveAway(const std::string& path) {
  const passwd* user = OtherUser();
  if (user != nullptr && chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) {
    ADD_FAILURE() << "cannot give " << path << " to the user postgres";
  }
}

// Writes a file that only its owner can read.
void WriteSecret(const std::string& path, const std::string& text) {
  std::ofstream(path) << "";
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  std::ofstream(path) << text;
}

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Starts a program as the user that PostgreSQL runs as, with both outputs appended to `log`. It
// ends with this thread.
pid_t Launch(std::vector<std::string> command, const std::string& log) {
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  const passwd* user = OtherUser();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  // Other threads may have held locks, so only system calls follow.
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const bool ready = dup2(output, 1) == 1 && dup2(output, 2) == 2 &&
                     (user == nullptr || (setgroups(0, nullptr) == 0 && setgid(user->pw_gid) == 0 &&
                                          setuid(user->pw_uid) == 0)) &&
                     prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0 && getppid() == parent;
  if (ready) execv(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

PostgresServer::PostgresServer() {
  if (geteuid() == 0 && OtherUser() == nullptr) {
    ADD_FAILURE() << "there is no user postgres; install the package postgresql-15";
    return;
  }
  absl::BitGen random;
  const std::string password =
      absl::StrCat(absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16),
                   absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16));
  WriteSecret(folder_.File("passwords"), absl::StrCat("*:*:*:clustr:", password, "\n"));
  WriteSecret(folder_.File("password"), password);
  GiveAway(folder_.File("password"));
  GiveAway(folder_.File(""));
  const std::string log = folder_.File("initdb.log");
  const pid_t initdb =
      Launch({Program("initdb"), "--pgdata=" + folder_.File("data"), "--username=clustr",
              "--pwfile=" + folder_.File("password"), "--auth=scram-sha-256", "--encoding=UTF8",
              "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"},
             log);
  int result = 0;
  waitpid(initdb, &result, 0);
  if (result != 0) {
    ADD_FAILURE() << Program("initdb") << " failed; is the package postgresql-15 installed?\n"
                  << ReadFile(log);
    return;
  }
  Start();
}

PostgresServer::~PostgresServer() { Stop(SIGINT); }

void PostgresServer::Start() {
  process_ = Launch({Program("postgres"), "-D", folder_.File("data"), "-k", folder_.File(""), "-c",
                     "listen_addresses=", "-c", "fsync=on", "-c", "synchronous_commit=on"},
                    folder_.File("postgres.log"));
  const absl::Time end = absl::Now() + kPatience;
  while (PQping(Connection("postgres").c_str()) != PQPING_OK) {
    const bool ended = waitpid(process_, nullptr, WNOHANG) != 0;
    if (ended) process_ = -1;
    if (ended || absl::Now() > end) {
      ADD_FAILURE() << "PostgreSQL did not start\n" << ReadFile(folder_.File("postgres.log"));
      return;
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
}

void PostgresServer::Stop(int signal) {
  if (process_ == -1) return;
  kill(process_, signal);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

void PostgresServer::Kill() { Stop(SIGQUIT); }

void PostgresServer::Crash() {
  Kill();
  Start();
}

std::string PostgresServer::NewDatabaseUrl(const std::string& name) {
  NewDatabase(name);
  return absl::StrCat("postgresql:///", name, "?host=", folder_.File(""),
                      "&user=clustr&passfile=", folder_.File("passwords"));
}

std::string PostgresServer::Connection(const std::string& database) const {
  return absl::StrCat("host='", folder_.File(""), "' user=clustr dbname=", database, " passfile='",
                      folder_.File("passwords"), "'");
}

std::string PostgresServer::NewDatabase(const std::string& name) {
  soci::session session(soci::postgresql, Connection("postgres"));
  session << absl::StrCat("CREATE DATABASE ", name);
  return Connection(name);
}

}  // namespace clustr::testing
