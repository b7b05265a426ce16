#include "common/storage/session.h"

namespace clustr::storage {

using schema::CellType;

Statement::Statement(soci::session& session, const std::string& sql,
                     const std::vector<CellType>& parameters, const std::vector<CellType>& results)
    : parameters_(parameters.size()),
      results_(results.size()),
      ends_texts_at_nul_(session.get_backend_name() == "postgresql"),
      statement_(session) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    Slot& slot = parameters_[i];
    slot.type = parameters[i];
    switch (slot.type) {
      case CellType::kInteger:
        statement_.exchange(soci::use(slot.cell.integer, slot.indicator));
        break;
      case CellType::kReal:
        statement_.exchange(soci::use(slot.cell.real, slot.indicator));
        break;
      case CellType::kText:
        statement_.exchange(soci::use(slot.cell.text, slot.indicator));
        break;
    }
  }
  for (size_t i = 0; i < results.size(); ++i) {
    Slot& slot = results_[i];
    slot.type = results[i];
    switch (slot.type) {
      case CellType::kInteger:
        statement_.exchange(soci::into(slot.cell.integer, slot.indicator));
        break;
      case CellType::kReal:
        statement_.exchange(soci::into(slot.cell.real, slot.indicator));
        break;
      case CellType::kText:
        statement_.exchange(soci::into(slot.cell.text, slot.indicator));
        break;
    }
  }
  statement_.alloc();
  statement_.prepare(sql);
  statement_.define_and_bind();
}

void Statement::SetIndicators() {
  for (Slot& slot : parameters_) slot.indicator = slot.cell.null ? soci::i_null : soci::i_ok;
  if (!ends_texts_at_nul_) return;
  for (const Slot& slot : parameters_) {
    if (slot.type == CellType::kText && slot.cell.text.find('\0') != std::string::npos) {
      throw soci::soci_error("a text has U+0000");
    }
  }
}

void Statement::Execute() {
  SetIndicators();
  statement_.execute(false);
}

bool Statement::Fetch() {
  if (!statement_.fetch()) return false;
  for (Slot& slot : results_) slot.cell.null = slot.indicator == soci::i_null;
  return true;
}

int64_t Statement::Change() {
  SetIndicators();
  statement_.execute(true);
  return statement_.get_affected_rows();
}

Statement& Session::Prepared(const std::string& sql, const std::vector<CellType>& parameters,
                             const std::vector<CellType>& results) {
  std::unique_ptr<Statement>& statement = statements_[sql];
  if (statement == nullptr) {
    statement = std::make_unique<Statement>(sql_, sql, parameters, results);
  }
  return *statement;
}

void Session::Run(absl::string_view sql) { sql_.once << std::string(sql); }

void Session::Define(absl::string_view sql) { Run(Definition(dialect(), sql)); }

Dialect Session::dialect() {
  return sql_.get_backend_name() == "postgresql" ? Dialect::kPostgresql : Dialect::kSqlite;
}

int64_t Session::Integer(const std::string& sql) {
  Statement& statement = Prepared(sql, {}, {CellType::kInteger});
  statement.Execute();
  int64_t value = 0;
  while (statement.Fetch()) value = statement.integer(0);
  return value;
}

}  // namespace clustr::storage
