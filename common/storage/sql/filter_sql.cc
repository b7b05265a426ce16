#include "common/storage/sql/filter_sql.h"

#include <algorithm>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "common/schema/text.h"

namespace clustr::storage {

using schema::Comparison;
using schema::Filter;
using schema::FilterOp;

namespace {

// The SQL operator for `op`, or for its opposite if `negated`.
absl::string_view Sign(FilterOp op, bool negated) {
  switch (op) {
    case FilterOp::kEqual:
      return negated ? " <> " : " = ";
    case FilterOp::kNotEqual:
      return negated ? " = " : " <> ";
    case FilterOp::kLess:
      return negated ? " >= " : " < ";
    case FilterOp::kLessEqual:
      return negated ? " > " : " <= ";
    case FilterOp::kGreater:
      return negated ? " <= " : " > ";
    case FilterOp::kGreaterEqual:
      return negated ? " < " : " >= ";
    default:
      return "";
  }
}

// True for a text that PostgreSQL cannot take as one, because none like it can be stored there.
bool IsForeign(Dialect dialect, const Comparison& comparison) {
  const std::string& text = comparison.value.text;
  return dialect == Dialect::kPostgresql && comparison.column.type == schema::CellType::kText &&
         (text.find('\0') != std::string::npos || !schema::IsUtf8(text));
}

void AppendComparison(const Comparison& comparison, bool negated, Dialect dialect,
                      BoundSql* sql) {
  const std::string& column = comparison.column.name;
  const bool nullable = comparison.column.nullable;
  if (comparison.op == FilterOp::kNever) return sql->Append(negated ? "1 = 1" : "1 = 0");
  if (comparison.op == FilterOp::kIsSet) {
    if (!nullable) return sql->Append(negated ? "1 = 0" : "1 = 1");
    return sql->Append(column, negated ? " IS NULL" : " IS NOT NULL");
  }
  const bool or_null = negated && nullable;
  if (or_null) sql->Append("(", column, " IS NULL OR ");
  if (IsForeign(dialect, comparison)) {
    schema::Cell hex = comparison.value;
    hex.text = absl::BytesToHexString(hex.text);
    const bool contains = comparison.op == FilterOp::kContains;
    if (!contains) sql->Append("convert_to(", column, ", 'UTF8')", Sign(comparison.op, negated));
    sql->Append(contains ? "position(" : "", "decode(");
    sql->AppendValue(comparison.column.type, hex);
    sql->Append(", 'hex')");
    if (contains) {
      sql->Append(" IN convert_to(", column, negated ? ", 'UTF8')) = 0" : ", 'UTF8')) > 0");
    }
  } else if (comparison.op == FilterOp::kContains) {
    // Not LIKE, which folds case and gives % and _ a meaning.
    sql->Append(PositionFunction(dialect), "(", column, ", ");
    sql->AppendValue(comparison.column.type, comparison.value);
    sql->Append(negated ? ") = 0" : ") > 0");
  } else {
    sql->Append(column, Sign(comparison.op, negated));
    sql->AppendValue(comparison.column.type, comparison.value);
  }
  if (or_null) sql->Append(")");
}

// A part of a group, and the number of symbols that the database's parser keeps open for it.
struct SizedPart {
  const Filter* part;
  int open_symbols;
};

int OpenSymbols(const Filter& filter);

// Sorts the parts by size, largest first: every later part is parsed with `( … OR` still open.
std::vector<SizedPart> LargestFirst(const std::vector<Filter>& parts) {
  std::vector<SizedPart> sized;
  for (const Filter& part : parts) sized.push_back({&part, OpenSymbols(part)});
  std::stable_sort(sized.begin(), sized.end(), [](const SizedPart& a, const SizedPart& b) {
    return a.open_symbols > b.open_symbols;
  });
  return sized;
}

int OpenSymbols(const Filter& filter) {
  if (filter.kind == Filter::Kind::kComparison) return 0;
  const std::vector<SizedPart> parts = LargestFirst(filter.parts);
  const int first = parts.empty() ? 0 : parts[0].open_symbols;
  return std::max(1 + first, parts.size() < 2 ? 0 : 3 + parts[1].open_symbols);
}

}  // namespace

void AppendFilter(const Filter& filter, Dialect dialect, BoundSql* sql) {
  if (filter.kind == Filter::Kind::kComparison) {
    return AppendComparison(filter.comparison, filter.negated, dialect, sql);
  }
  if (filter.MatchesAll()) return sql->Append("1 = 1");
  sql->Append("(");
  const char* joint = "";
  for (const SizedPart& sized : LargestFirst(filter.parts)) {
    sql->Append(joint);
    AppendFilter(*sized.part, dialect, sql);
    joint = filter.kind == Filter::Kind::kAllOf ? " AND " : " OR ";
  }
  sql->Append(")");
}

}  // namespace clustr::storage
