#include "tests/fuzz/stored/damage.h"

#include <sqlite3.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/schema/text.h"
#include "tests/fuzz/messages/check.h"

namespace clustr::fuzz {
namespace {

using Connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

Connection Open(const std::string& path) {
  sqlite3* connection = nullptr;
  Check(sqlite3_open(path.c_str(), &connection) == SQLITE_OK, "the database can be opened", path);
  return Connection(connection, &sqlite3_close);
}

Statement Prepare(const Connection& connection, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  Check(sqlite3_prepare_v2(connection.get(), sql.c_str(), -1, &statement, nullptr) == SQLITE_OK,
        "a statement can be prepared", sql);
  return Statement(statement, &sqlite3_finalize);
}

// The first column of every row, as text.
std::vector<std::string> Column(const Connection& connection, const std::string& sql) {
  std::vector<std::string> texts;
  const Statement query = Prepare(connection, sql);
  while (sqlite3_step(query.get()) == SQLITE_ROW) {
    texts.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0)));
  }
  return texts;
}

void BindInteger(sqlite3_stmt* statement, int64_t value, DamagedCell* cell) {
  sqlite3_bind_int64(statement, 1, value);
  cell->value = absl::StrCat(value);
}

// Binds the value that the input chooses.
void BindAny(sqlite3_stmt* statement, Input& input, DamagedCell* cell) {
  switch (input.Below(6)) {
    case 0:
      return BindInteger(
          statement,
          input.Any<int64_t>({0, 1, -1, 7, 99, int64_t{1} << 31, int64_t{1} << 53,
                              (int64_t{1} << 53) - 1, std::numeric_limits<int64_t>::max(),
                              std::numeric_limits<int64_t>::min()}),
          cell);
    case 1:
      return BindInteger(statement, static_cast<int64_t>(input.Word()), cell);
    case 2: {
      const double value = std::bit_cast<double>(input.Word());
      sqlite3_bind_double(statement, 1, value);
      cell->value = absl::StrCat(value);
      return;
    }
    case 3:
      sqlite3_bind_null(statement, 1);
      cell->value = "NULL";
      return;
    default: {
      const bool blob = input.OneIn(3);
      const std::string bytes =
          input.OneIn(2) ? std::string("\xff\x80") : input.Bytes(input.Below(40));
      const int size = static_cast<int>(bytes.size());
      blob ? sqlite3_bind_blob(statement, 1, bytes.data(), size, SQLITE_TRANSIENT)
           : sqlite3_bind_text(statement, 1, bytes.data(), size, SQLITE_TRANSIENT);
      cell->value = absl::StrCat(blob ? "blob " : "text ", absl::CHexEscape(bytes));
      cell->broken_text = !blob && !schema::IsUtf8(bytes);
    }
  }
}

}  // namespace

std::vector<DamagedCell> DamageCells(const std::string& path, Input& input) {
  const Connection connection = Open(path);
  const std::vector<std::string> tables =
      Column(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  std::vector<DamagedCell> damaged;
  for (size_t cells = 1 + input.Below(4); cells > 0; --cells) {
    DamagedCell cell;
    cell.table = tables[input.Below(tables.size())];
    const std::string info = absl::StrCat(" FROM pragma_table_info('", cell.table, "')");
    const std::vector<std::string> columns = Column(connection, "SELECT name" + info);
    const size_t place = input.Below(columns.size());
    cell.column = columns[place];
    const size_t row = input.Below(8);
    // Some tables have no rowid, so a row is found by its rank in the first column.
    const Statement update =
        Prepare(connection,
                absl::StrCat("UPDATE OR IGNORE ", cell.table, " SET ", cell.column,
                             " = ?1 WHERE (SELECT count(*) FROM ", cell.table, " AS o WHERE (o.",
                             columns[0], ") < (", cell.table, ".", columns[0], ")) = ", row));
    BindAny(update.get(), input, &cell);
    if (Column(connection, "SELECT type" + info)[place] != "TEXT") cell.broken_text = false;
    const int code = sqlite3_step(update.get());
    if (code == SQLITE_DONE && sqlite3_changes(connection.get()) > 0) damaged.push_back(cell);
  }
  return damaged;
}

}  // namespace clustr::fuzz
