#include "common/storage/ddl.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "common/storage/sql/indexes.h"

namespace clustr::storage {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using schema::CellType;
using schema::Column;

namespace {

std::string SqlType(const Column& column) {
  switch (column.type) {
    case CellType::kInteger:
      return "BIGINT";
    case CellType::kReal:
      return "DOUBLE PRECISION";
    case CellType::kText:
      return "TEXT";
  }
  return "";
}

// The part of a column's definition that must never change, because stored rows would be read
// differently.
std::string KeptType(const Column& column) {
  return absl::StrCat(SqlType(column), column.nullable ? "" : " NOT NULL");
}

std::string AbsentLiteral(const Column& column) {
  return column.type == CellType::kText ? "''" : "0";
}

// The definition of a column. It has a default because ALTER TABLE adds the column to existing
// rows; a new table is created with the same text.
std::string ColumnSql(const Column& column) {
  std::string sql = absl::StrCat(column.name, " ", SqlType(column));
  if (!column.nullable) absl::StrAppend(&sql, " NOT NULL DEFAULT ", AbsentLiteral(column));
  return sql;
}

// A column of a stored table as clustr_columns records it.
struct KnownColumn {
  std::string name;
  std::string type;
};
using KnownColumns = std::map<int, KnownColumn>;  // Keyed by field number.

KnownColumns ReadKnownColumns(Session& session, const std::string& table) {
  Statement& query = session.Prepared(
      "SELECT field_number, column_name, column_type FROM clustr_columns WHERE table_name = :t",
      {CellType::kText}, {CellType::kInteger, CellType::kText, CellType::kText});
  query.SetText(0, table);
  query.Execute();
  KnownColumns known;
  while (query.Fetch()) {
    known[static_cast<int>(query.integer(0))] = {query.text(1), query.text(2)};
  }
  return known;
}

std::vector<std::string> Names(const KnownColumns& known) {
  std::vector<std::string> names;
  for (const auto& [number, column] : known) names.push_back(column.name);
  return names;
}

void Remember(Session& session, const std::string& table, const Column& column) {
  Statement& insert = session.Prepared(
      R"sql(
        INSERT INTO clustr_columns (table_name, field_number, column_name, column_type)
        VALUES (:t, :n, :c, :y)
        ON CONFLICT (table_name, field_number) DO UPDATE
        SET column_name = excluded.column_name, column_type = excluded.column_type)sql",
      {CellType::kText, CellType::kInteger, CellType::kText, CellType::kText});
  insert.SetText(0, table);
  insert.SetInteger(1, column.field->number());
  insert.SetText(2, column.name);
  insert.SetText(3, KeptType(column));
  insert.Change();
}

absl::Status Refusal(const Descriptor& message, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat("table ", schema::TableOptions(message)->name(),
                                                    " does not fit ", message.full_name(), ": ",
                                                    what));
}

absl::Status AddColumn(Session& session, const Descriptor& message, const Column& column) {
  const std::string& table = schema::TableOptions(message)->name();
  if (schema::FieldOptions(*column.field).required() &&
      session.Integer(absl::StrCat("SELECT COUNT(*) FROM ", table)) > 0) {
    return Refusal(message,
                   absl::StrCat("field ", column.field->name(),
                                " is new and required, but there are rows without it; make "
                                "it optional, or start with an empty database"));
  }
  session.Define(absl::StrCat("ALTER TABLE ", table, " ADD COLUMN ", ColumnSql(column)));
  return absl::OkStatus();
}

absl::Status CheckNameIsFree(const Descriptor& message, const KnownColumns& known,
                             const Column& column) {
  for (const auto& [number, other] : known) {
    if (number != column.field->number() && absl::EqualsIgnoreCase(other.name, column.name)) {
      return Refusal(
          message, absl::StrCat("column ", column.name, " already belongs to field number ", number,
                                "; give field number ", column.field->number(), " another name"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTypeIsKept(const Descriptor& message, const KnownColumn& old,
                             const Column& column) {
  const std::string& name = column.field->name();
  if (old.type != KeptType(column)) {
    return Refusal(message, absl::StrCat("field ", name, " (number ", column.field->number(),
                                         ") was ", old.type, " and is now ", KeptType(column),
                                         "; give the new field a new number"));
  }
  // An amount is stored in other units than a plain number.
  if (absl::EndsWith(old.name, "_cents") != column.money) {
    return Refusal(message, absl::StrCat("field ", name,
                                         " changed between amount and number; give the new field "
                                         "a new number"));
  }
  return absl::OkStatus();
}

// Adds or renames the column of one field of the model, as needed.
absl::Status EvolveColumn(Session& session, const Descriptor& message, const KnownColumns& known,
                          const Column& column) {
  CLUSTR_RETURN_IF_ERROR(CheckNameIsFree(message, known, column));
  const auto old = known.find(column.field->number());
  if (old == known.end()) return AddColumn(session, message, column);
  CLUSTR_RETURN_IF_ERROR(CheckTypeIsKept(message, old->second, column));
  if (old->second.name != column.name) {
    session.Run(absl::StrCat("ALTER TABLE ", schema::TableOptions(message)->name(),
                             " RENAME COLUMN ", old->second.name, " TO ", column.name));
  }
  return absl::OkStatus();
}

absl::Status CheckRemovedFields(const Descriptor& message, const KnownColumns& known) {
  for (const auto& [number, column] : known) {
    if (message.FindFieldByNumber(number) == nullptr && !message.IsReservedNumber(number)) {
      return Refusal(message,
                     absl::StrCat("column ", column.name, " belongs to field number ", number,
                                  ", which the model no longer has; restore the field, or reserve "
                                  "its number (its column is then kept but ignored)"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> CreateStatements(const Descriptor& message) {
  const options::v1::Table& options = *schema::TableOptions(message);
  const std::string& table = options.name();
  const bool clustered = !options.cluster_by().empty();
  std::vector<std::string> columns;
  for (const Column& column : schema::ColumnsOf(message)) {
    const bool is_key = column.field->name() == options.id() && !clustered;
    columns.push_back(is_key ? absl::StrCat(column.name, " INTEGER PRIMARY KEY")
                             : ColumnSql(column));
  }
  std::string tail;
  if (clustered) {
    columns.push_back(absl::StrCat("PRIMARY KEY (", options.cluster_by(), ", ", options.id(), ")"));
    tail = " WITHOUT ROWID";
  }
  std::vector<std::string> statements = {absl::StrCat("CREATE TABLE IF NOT EXISTS ", table, " (",
                                                      absl::StrJoin(columns, ", "), ")", tail)};
  for (const auto& [name, sql] : IndexStatements(message)) statements.push_back(sql);
  return statements;
}

absl::Status EvolveTable(Session& session, const Descriptor& message) {
  session.Define(R"sql(
    CREATE TABLE IF NOT EXISTS clustr_columns (
      table_name TEXT NOT NULL,
      field_number BIGINT NOT NULL,
      column_name TEXT NOT NULL,
      column_type TEXT NOT NULL,
      PRIMARY KEY (table_name, field_number)
    ) WITHOUT ROWID)sql");
  const std::string& table = schema::TableOptions(message)->name();
  const KnownColumns known = ReadKnownColumns(session, table);
  if (!known.empty()) {
    DropOldIndexes(session, message, Names(known));
    for (const Column& column : schema::ColumnsOf(message)) {
      CLUSTR_RETURN_IF_ERROR(EvolveColumn(session, message, known, column));
    }
    CLUSTR_RETURN_IF_ERROR(CheckRemovedFields(message, known));
    if (std::string why = WhyNotUnique(session, message); !why.empty()) {
      return Refusal(message, why);
    }
  }
  for (const std::string& statement : CreateStatements(message)) session.Define(statement);
  for (const Column& column : schema::ColumnsOf(message)) Remember(session, table, column);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> OutdatedParts(Session& session,
                                                       const Descriptor& message) {
  const std::string& table = schema::TableOptions(message)->name();
  const KnownColumns known = ReadKnownColumns(session, table);
  std::vector<std::string> parts;
  for (const Column& column : schema::ColumnsOf(message)) {
    CLUSTR_RETURN_IF_ERROR(CheckNameIsFree(message, known, column));
    const auto old = known.find(column.field->number());
    if (old != known.end()) CLUSTR_RETURN_IF_ERROR(CheckTypeIsKept(message, old->second, column));
    if (old == known.end() || old->second.name != column.name) {
      parts.push_back(absl::StrCat("column ", column.name, " of ", table));
    }
  }
  CLUSTR_RETURN_IF_ERROR(CheckRemovedFields(message, known));
  for (const std::string& index : OldIndexes(session, message, Names(known))) {
    parts.push_back(absl::StrCat("index ", index));
  }
  return parts;
}

}  // namespace clustr::storage
