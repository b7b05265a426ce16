#include "common/rpc/database/database_flags.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace clustr::rpc {
namespace {

constexpr char kDatabase[] = "database";
constexpr char kSchema[] = "schema";
constexpr char kCreate[] = "create";
constexpr char kCheck[] = "check";
constexpr char kCreateAndExit[] = "create-and-exit";

absl::Status CheckSchemaFlag(const Flags& flags) {
  const std::string& schema = flags[kSchema];
  if (schema != kCreate && schema != kCheck && schema != kCreateAndExit) {
    return absl::InvalidArgumentError(absl::StrCat("--schema=", schema, " is not known; give ",
                                                   kCreate, ", ", kCheck, " or ", kCreateAndExit));
  }
  if (schema == kCheck && absl::StartsWith(flags[kDatabase], "sqlite:")) {
    return absl::InvalidArgumentError(
        absl::StrCat("--schema=check is for PostgreSQL, where one user may own the tables and "
                     "another serve them; a SQLite file has no users: give --schema=",
                     kCreate));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Flag> DatabaseFlags(const std::string& default_database, const std::string& rows) {
  return {{kDatabase, default_database,
           absl::StrCat("where ", rows,
                        " are kept: sqlite:///PATH, or postgresql://USER@HOST:PORT/DATABASE (the "
                        "password in the file that PGPASSFILE names)")},
          {kSchema, kCreate,
           "create makes or upgrades the tables and serves; create-and-exit only makes or upgrades "
           "them; check changes no table and refuses to start unless all are there and of this "
           "version, for a user of PostgreSQL who may only read and write rows"}};
}

absl::StatusOr<std::unique_ptr<storage::Store>> OpenStore(
    const Flags& flags, const std::vector<const google::protobuf::Descriptor*>& models,
    const std::vector<std::string>& more_tables, int read_sessions, ThreadPool* pool) {
  CLUSTR_RETURN_IF_ERROR(CheckSchemaFlag(flags));
  CLUSTR_ASSIGN_OR_RETURN(
      std::unique_ptr<storage::Store> store,
      storage::Store::Open(flags[kDatabase], models, read_sessions, pool,
                           {.more = more_tables, .check_only = flags[kSchema] == kCheck}));
  if (flags[kSchema] != kCreateAndExit) return store;
  Log(LogLevel::kInfo, "the tables are those of this version");
  return nullptr;
}

}  // namespace clustr::rpc
