#include "common/storage/database.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/storage/file/file_database.h"
#include "common/storage/server/server_address.h"
#include "common/storage/server/server_database.h"

namespace clustr::storage {
namespace {

// How a refusal shows an address: not at all if it may hold a password, since refusals are logged.
std::string Shown(absl::string_view url) {
  if (url.find_first_of("@=?") == absl::string_view::npos) {
    return absl::StrCat("--database=", url);
  }
  return "--database=… (not repeated here, since it may hold a password)";
}

absl::StatusOr<std::string> PathOf(absl::string_view url) {
  absl::string_view path = url;
  if (!absl::ConsumePrefix(&path, "sqlite:///") || path.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(Shown(url), " is not a database address; ",
                     "give sqlite:///PATH, for example sqlite:////var/lib/clustr/catalog.db, or "
                     "postgresql://USER@HOST:PORT/DATABASE"));
  }
  if (path.find_first_of("\"\n") != absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        Shown(url), " has a quote or a line break in its path; give another path"));
  }
  return std::string(path);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> Database::Open(absl::string_view url, int read_sessions) {
  if (IsServerAddress(url)) return ServerDatabase::Open(url, read_sessions);
  CLUSTR_ASSIGN_OR_RETURN(const std::string path, PathOf(url));
  return FileDatabase::Open(path, read_sessions);
}

absl::Status Database::Commit() {
  return Guard([this] {
    writer_session().Prepared("COMMIT").Change();
    return absl::OkStatus();
  });
}

absl::Status Database::Noted(absl::Status status) {
  if (IsDamage(status)) damage_.Report("its pages do not fit together");
  return status;
}

std::vector<std::string> Database::CommonProblems() const {
  std::vector<std::string> problems = broken_texts_.Problems();
  if (std::string damage = damage_.Problem(); !damage.empty()) {
    problems.insert(problems.begin(), std::move(damage));
  }
  return problems;
}

}  // namespace clustr::storage
