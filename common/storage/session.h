#ifndef CLUSTR_COMMON_STORAGE_SESSION_H_
#define CLUSTR_COMMON_STORAGE_SESSION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/schema/field.h"
#include "common/storage/sql/dialect.h"
#include "common/storage/system/broken_texts.h"
#include "soci/soci.h"

// SOCI with typed slots and prepared statements. Failures are thrown as soci::soci_error and caught
// by Database::Guard, so code inside Database::Read or WriteJob::work need not handle them.
namespace clustr::storage {

class GroupedWrites;
class Session;

// How the rows of a query reach this process. A file is always read row by row; from PostgreSQL,
// all rows of a query come at once and are held in memory, or kPieceRows at a time from a cursor,
// which costs two round trips more, and one for each piece.
enum class Reading { kWhole, kInPieces };
inline constexpr int kPieceRows = 2000;

// A prepared statement with its bound values. Not thread-safe; its session must outlive it.
class Statement {
 public:
  // Prepares `sql`. `parameters` are the types of its named parameters (`:name`) in the order in
  // which they appear, each name once; `results` are the types of its result columns. A query that
  // is read in pieces must be in a transaction, and must be fetched to its end.
  Statement(Session& session, const std::string& sql,
            const std::vector<schema::CellType>& parameters,
            const std::vector<schema::CellType>& results, Reading reading = Reading::kWhole);

  // Value of the i-th parameter, 0-based. It is kept from one execution to the next.
  schema::Cell& parameter(size_t i) { return parameters_[i].cell; }
  void SetInteger(size_t i, int64_t value) {
    parameters_[i].cell.integer = value;
    parameters_[i].cell.null = false;
  }
  void SetText(size_t i, absl::string_view value) {
    parameters_[i].cell.text.assign(value.data(), value.size());
    parameters_[i].cell.null = false;
  }

  // Executes the statement from the start with the current parameters; throws if a text has U+0000
  // and the database is PostgreSQL, which has no such texts. Then Fetch every row of a
  // query: until the last one, the statement keeps its read of the database open.
  void Execute();
  // The same for a query that need not see rows that wait to be sent; see GroupedWrites. Such a
  // query does not hold up the group of writes that it is part of.
  void ExecuteBesideWaiting();
  // Reads the next row into the results; returns false after the last row.
  bool Fetch();
  // Executes a statement without results and returns the number of rows that it changed.
  int64_t Change();
  // The same without a look at the rows that wait; for a caller that has settled them.
  int64_t ChangeBesideWaiting();

  // The i-th result of the current row, 0-based. As an integer, NULL is 0.
  const schema::Cell& result(size_t i) const { return results_[i].cell; }
  int64_t integer(size_t i) const { return results_[i].cell.null ? 0 : results_[i].cell.integer; }
  const std::string& text(size_t i) const { return results_[i].cell.text; }

 private:
  void SetIndicators();
  void UseParameters(soci::statement* statement);

  // The cursor of a query that is read in pieces.
  struct Cursor {
    std::string name;
    soci::statement declare;
    soci::statement close;
    int rows_left = 0;  // Of the piece.
  };

  struct Slot {
    schema::CellType type;
    schema::Cell cell;
    soci::indicator indicator = soci::i_ok;
  };

  // statement_ holds the addresses of the slots, so neither vector may grow after construction.
  std::vector<Slot> parameters_;
  std::vector<Slot> results_;
  Session& session_;
  const bool ends_texts_at_nul_;
  soci::statement statement_;
  std::unique_ptr<Cursor> cursor_;
};

// One connection to the database. Not thread-safe.
class Session {
 public:
  Session();
  ~Session();

  // For statements that are not made by the functions below, on a session without grouped writes.
  soci::session& sql() { return sql_; }

  // The dialect of the database that the session is connected to.
  Dialect dialect();

  // Where readers of this session report texts that are not UTF-8. Borrowed; set by the database
  // before the first read.
  BrokenTexts& broken_texts() { return *broken_texts_; }
  void set_broken_texts(BrokenTexts* broken_texts) { broken_texts_ = broken_texts; }

  // Lets rows that are added wait, so that many are sent at once; for the writer of a PostgreSQL
  // database.
  void GroupWrites();
  // Null unless GroupWrites was called.
  GroupedWrites* grouped() { return grouped_.get(); }
  // Sends the rows that wait, if any.
  void Settle();

  // Begins and ends a part of a transaction that is undone unless `keep`: one call of a group.
  // EndJob throws if the whole transaction is lost.
  void BeginJob();
  void EndJob(bool keep);

  // The statement prepared for `sql`, prepared on first use and kept as long as the session. The
  // types must be the same each time. Two users of the same text must not interleave: each must
  // Fetch its last row before the other calls Execute. For texts of unbounded variety use Statement
  // itself.
  Statement& Prepared(const std::string& sql, const std::vector<schema::CellType>& parameters = {},
                      const std::vector<schema::CellType>& results = {},
                      Reading reading = Reading::kWhole);

  // Runs a statement without parameters or results, without keeping it.
  void Run(absl::string_view sql);

  // The same for a statement that defines a table, a column or an index, written as for SQLite; see
  // Definition.
  void Define(absl::string_view sql);

  // First column of the last row as an integer; 0 if there is no row or for NULL. Meant for queries
  // that return one row.
  int64_t Integer(const std::string& sql);

 private:
  soci::session sql_;
  BrokenTexts* broken_texts_ = nullptr;
  std::unique_ptr<GroupedWrites> grouped_;
  absl::flat_hash_map<std::string, std::unique_ptr<Statement>> statements_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SESSION_H_
