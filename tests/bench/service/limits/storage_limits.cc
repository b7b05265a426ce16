#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/sales/v1/sale.pb.h"
#include "common/base/status_macros.h"
#include "common/schema/field.h"
#include "common/storage/ddl.h"
#include "tests/bench/service/command.h"
#include "tests/bench/service/limits/soci_scan.h"
#include "tests/bench/service/measure.h"

namespace clustr::bench {
namespace {

constexpr int64_t kRowsInTransaction = 10'000;
constexpr int64_t kLinesInBasket = 10;
constexpr int kSyncs = 100;
constexpr int kSyncBytes = 4096;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Sqlite = std::unique_ptr<sqlite3, CloseDatabase>;
using Prepared = std::unique_ptr<sqlite3_stmt, EndStatement>;

absl::Status Execute(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat(sqlite3_errmsg(database), ": ", sql));
}

// Measures what the storage below sales can do without sales.
class StorageCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("folder", "DIR", "folder for scratch files, on the disk to be measured", &folder_);
    flags->Int64("rows", "rows to insert; default 1000000", &rows_);
    flags->Text("database", "FILE", "the SQLite file of sales, to be scanned by SOCI", &database_);
  }

  absl::Status Run(Report* report) override {
    if (folder_.empty()) return absl::InvalidArgumentError("--folder is missing");
    const auto* sale = sales::v1::Sale::descriptor();
    std::vector<std::string> columns;
    for (const auto& column : schema::ColumnsOf(*sale)) {
      // Texts stay NULL, as in rows of an import that brings none.
      if (column.type != schema::CellType::kText) columns.push_back(column.name);
    }
    // The first column is the identifier.
    CLUSTR_ASSIGN_OR_RETURN(
        const double plain,
        Insert({absl::StrCat("CREATE TABLE sales (", columns[0], " INTEGER PRIMARY KEY, ",
                             absl::StrJoin(columns.begin() + 1, columns.end(), ", "), ")")},
               columns));
    report->Add("sqlite.insert_plain", plain, "rows/s");
    CLUSTR_ASSIGN_OR_RETURN(const double indexed,
                            Insert(storage::CreateStatements(*sale), columns));
    report->Add("sqlite.insert", indexed, "rows/s");
    CLUSTR_ASSIGN_OR_RETURN(const double sync_ms, Sync());
    report->Add("disk.sync", sync_ms, "ms");
    if (!database_.empty()) report->Add("soci.scan", ScannedPerSecond(database_), "rows/s");
    return absl::OkStatus();
  }

 private:
  // Rows per second inserted into a fresh table, as durably as sales writes them.
  absl::StatusOr<double> Insert(const std::vector<std::string>& create,
                                const std::vector<std::string>& columns) const {
    const std::string path = absl::StrCat(folder_, "/insert.db");
    const auto remove = [&path] {
      for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
    };
    remove();
    const absl::Cleanup remove_after = remove;
    sqlite3* opened = nullptr;
    const int code = sqlite3_open(path.c_str(), &opened);
    const Sqlite database(opened);
    if (code != SQLITE_OK) return absl::InternalError(absl::StrCat("cannot make ", path));
    CLUSTR_RETURN_IF_ERROR(Execute(opened,
                                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                                   "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000"));
    for (const std::string& statement : create) CLUSTR_RETURN_IF_ERROR(Execute(opened, statement));
    sqlite3_stmt* prepared = nullptr;
    const std::string sql =
        absl::StrCat("INSERT INTO sales (", absl::StrJoin(columns, ", "), ") VALUES (",
                     absl::StrJoin(std::vector<std::string>(columns.size(), "?"), ", "), ")");
    if (sqlite3_prepare_v2(opened, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
      return absl::InternalError(sqlite3_errmsg(opened));
    }
    const Prepared insert(prepared);
    const auto begin = Clock::now();
    for (int64_t row = 0; row < rows_;) {
      CLUSTR_RETURN_IF_ERROR(Execute(opened, "BEGIN"));
      for (const int64_t end = std::min(rows_, row + kRowsInTransaction); row < end; ++row) {
        sqlite3_bind_int64(prepared, 1, row + 1);
        sqlite3_bind_int64(prepared, 2, row / kLinesInBasket + 1);
        for (size_t i = 2; i < columns.size(); ++i) {
          sqlite3_bind_int64(prepared, static_cast<int>(i) + 1, 1000 + (row * 7919) % 3600);
        }
        if (sqlite3_step(prepared) != SQLITE_DONE) {
          return absl::InternalError(sqlite3_errmsg(opened));
        }
        sqlite3_reset(prepared);
      }
      CLUSTR_RETURN_IF_ERROR(Execute(opened, "COMMIT"));
    }
    return static_cast<double>(rows_) / SecondsSince(begin);
  }

  // Median time until a block appended to a file is on disk.
  absl::StatusOr<double> Sync() const {
    const std::string path = absl::StrCat(folder_, "/sync");
    const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return absl::InternalError(absl::StrCat("cannot make ", path));
    const absl::Cleanup remove = [&] {
      close(file);
      std::filesystem::remove(path);
    };
    const std::string block(kSyncBytes, 'x');
    std::vector<double> times_ms;
    for (int i = 0; i < kSyncs; ++i) {
      const auto begin = Clock::now();
      if (write(file, block.data(), block.size()) != kSyncBytes || fdatasync(file) != 0) {
        return absl::InternalError(absl::StrCat("cannot write to ", path));
      }
      times_ms.push_back(1e3 * SecondsSince(begin));
    }
    return Median(times_ms);
  }

  std::string folder_;
  int64_t rows_ = 1'000'000;
  std::string database_;
};

}  // namespace

std::unique_ptr<Command> MakeStorageCommand() { return std::make_unique<StorageCommand>(); }

}  // namespace clustr::bench
