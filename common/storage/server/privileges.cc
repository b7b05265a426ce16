#include "common/storage/server/privileges.h"

#include "absl/strings/str_cat.h"
#include "common/storage/sql/array_text.h"

namespace clustr::storage {

using schema::CellType;

namespace {

// The first row of a query of one text, whose only parameter is an array of names; empty if none.
std::string First(Session& session, const std::string& sql, const std::vector<std::string>& names) {
  Statement query(session, sql, {CellType::kText}, {CellType::kText});
  query.SetText(0, ArrayText(names));
  query.Execute();
  std::string first;
  while (query.Fetch()) {
    if (first.empty()) first = query.text(0);
  }
  return first;
}

constexpr char kWhyNotMake[] = R"sql(
  SELECT 'the user ' || current_user || ' may not ' || problem FROM (
    SELECT 1 AS place, 'make tables in the schema ' || current_schema() AS problem
    WHERE NOT has_schema_privilege(current_schema(), 'CREATE')
    UNION ALL
    SELECT 2, 'change the table ' || tablename || ', which ' || tableowner || ' owns'
    FROM pg_tables
    WHERE schemaname = current_schema() AND tablename = ANY(CAST(:t AS TEXT[]))
          AND NOT pg_has_role(tableowner, 'USAGE')
  ) problems ORDER BY place, problem LIMIT 1)sql";

// The numbers of the rows of a restored backup are passed on to sequences by setval.
constexpr char kWhyNotUse[] = R"sql(
  WITH own AS (
    SELECT oid, relname FROM pg_class
    WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind IN ('r', 'p')
          AND relname = ANY(CAST(:t AS TEXT[]))
  )
  SELECT 'the user ' || current_user || ' has no ' || privilege || ' privilege on the ' || kind ||
         ' ' || name
  FROM (
    SELECT 1 AS place, 'table' AS kind, relname AS name, privilege
    FROM own CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) wanted(privilege)
    WHERE (privilege = 'SELECT' OR relname NOT IN ('clustr_columns', 'clustr_identity'))
          AND NOT has_table_privilege(oid, privilege)
    UNION ALL
    SELECT 2, 'sequence', sequences.relname, 'UPDATE'
    FROM own
         JOIN pg_depend ON refclassid = CAST('pg_class' AS regclass) AND refobjid = own.oid AND
                           classid = CAST('pg_class' AS regclass) AND deptype IN ('a', 'i')
         JOIN pg_class sequences ON sequences.oid = objid
    WHERE CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege(objid, 'UPDATE') ELSE FALSE END
  ) problems ORDER BY place, name, privilege LIMIT 1)sql";

}  // namespace

absl::Status MayMakeTables(Session& session, const std::vector<std::string>& tables) {
  const std::string why_not = First(session, kWhyNotMake, tables);
  if (why_not.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      why_not,
      "; start with --schema=check if another user makes the tables, or give this one the right"));
}

absl::Status MayUseTables(Session& session, const std::vector<std::string>& tables) {
  const std::string why_not = First(session, kWhyNotUse, tables);
  if (why_not.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(why_not, "; the owner of the tables must GRANT it, see docs/postgresql.md"));
}

}  // namespace clustr::storage
