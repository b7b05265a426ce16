#ifndef CLUSTR_COMMON_STORAGE_SESSION_H_
#define CLUSTR_COMMON_STORAGE_SESSION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/schema/field.h"
#include "soci/soci.h"

// SOCI with typed slots and prepared statements. Failures are thrown and end in Database: code that
// runs inside Database::Read or a write may ignore them.
namespace clustr::storage {

// A prepared statement with its bound values. Not thread-safe; belongs to one session.
class Statement {
 public:
  Statement(soci::session& session, const std::string& sql,
            const std::vector<schema::CellType>& parameters,
            const std::vector<schema::CellType>& results);

  // Value of the i-th `?`-like parameter, kept from one execution to the next.
  schema::Cell& parameter(size_t i) { return parameters_[i].cell; }
  void SetInteger(size_t i, int64_t value) {
    parameters_[i].cell.integer = value;
    parameters_[i].cell.null = false;
  }
  void SetText(size_t i, absl::string_view value) {
    parameters_[i].cell.text.assign(value.data(), value.size());
    parameters_[i].cell.null = false;
  }

  // Starts over with the parameters as they are now. Fetch every row of a query, or the statement
  // holds on to the state that it reads.
  void Execute();
  // Reads the next row into the results; false after the last one.
  bool Fetch();
  // Execute, for a statement without results: rows that it changed.
  int64_t Change();

  const schema::Cell& result(size_t i) const { return results_[i].cell; }
  int64_t integer(size_t i) const { return results_[i].cell.null ? 0 : results_[i].cell.integer; }
  const std::string& text(size_t i) const { return results_[i].cell.text; }

 private:
  struct Slot {
    schema::CellType type;
    schema::Cell cell;
    soci::indicator indicator = soci::i_ok;
  };

  // The statement holds the addresses of the slots: neither vector grows after construction.
  std::vector<Slot> parameters_;
  std::vector<Slot> results_;
  soci::statement statement_;
};

// One connection. Not thread-safe.
class Session {
 public:
  soci::session& sql() { return sql_; }

  // The statement prepared for this text, made on first use; the types must be the same each time.
  // No other user of it may be between Execute and its last Fetch.
  Statement& Prepared(const std::string& sql, const std::vector<schema::CellType>& parameters = {},
                      const std::vector<schema::CellType>& results = {});

  // Runs a text without parameters or results.
  void Run(absl::string_view sql);

  // First cell of the first row as an integer; 0 without a row or for NULL.
  int64_t Integer(const std::string& sql);

 private:
  soci::session sql_;
  absl::flat_hash_map<std::string, std::unique_ptr<Statement>> statements_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SESSION_H_
