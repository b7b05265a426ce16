#include "common/storage/session.h"

#include <atomic>

#include "absl/strings/str_cat.h"
#include "common/storage/server/connector.h"
#include "common/storage/server/grouped_writes.h"

namespace clustr::storage {

using schema::CellType;

namespace {

std::string NewCursorName() {
  static std::atomic<int64_t> count{0};
  return absl::StrCat("clustr_scan_", ++count);
}

void Prepare(soci::statement* statement, const std::string& sql) {
  statement->alloc();
  statement->prepare(sql);
  statement->define_and_bind();
}

}  // namespace

Statement::Statement(Session& session, const std::string& sql,
                     const std::vector<CellType>& parameters, const std::vector<CellType>& results,
                     Reading reading)
    : parameters_(parameters.size()),
      results_(results.size()),
      session_(session),
      ends_texts_at_nul_(session.dialect() == Dialect::kPostgresql),
      statement_(session.sql()) {
  for (size_t i = 0; i < parameters.size(); ++i) parameters_[i].type = parameters[i];
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
  if (reading == Reading::kWhole || session.dialect() == Dialect::kSqlite) {
    UseParameters(&statement_);
    Prepare(&statement_, sql);
    return;
  }
  const std::string name = NewCursorName();
  cursor_.reset(new Cursor{name, soci::statement(session.sql()), soci::statement(session.sql())});
  UseParameters(&cursor_->declare);
  Prepare(&cursor_->declare, absl::StrCat("DECLARE ", name, " NO SCROLL CURSOR FOR ", sql));
  Prepare(&cursor_->close, absl::StrCat("CLOSE ", name));
  Prepare(&statement_, absl::StrCat("FETCH ", kPieceRows, " FROM ", name));
}

void Statement::UseParameters(soci::statement* statement) {
  for (Slot& slot : parameters_) {
    switch (slot.type) {
      case CellType::kInteger:
        statement->exchange(soci::use(slot.cell.integer, slot.indicator));
        break;
      case CellType::kReal:
        statement->exchange(soci::use(slot.cell.real, slot.indicator));
        break;
      case CellType::kText:
        statement->exchange(soci::use(slot.cell.text, slot.indicator));
        break;
    }
  }
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
  session_.Settle();
  ExecuteBesideWaiting();
}

void Statement::ExecuteBesideWaiting() {
  SetIndicators();
  if (cursor_ != nullptr) {
    cursor_->declare.execute(true);
    cursor_->rows_left = kPieceRows;
  }
  statement_.execute(false);
}

bool Statement::Fetch() {
  if (cursor_ != nullptr && cursor_->rows_left == 0) {
    statement_.execute(false);
    cursor_->rows_left = kPieceRows;
  }
  if (!statement_.fetch()) {
    if (cursor_ != nullptr) cursor_->close.execute(true);
    return false;
  }
  if (cursor_ != nullptr) --cursor_->rows_left;
  for (Slot& slot : results_) slot.cell.null = slot.indicator == soci::i_null;
  return true;
}

int64_t Statement::Change() {
  if (session_.grouped() != nullptr) session_.grouped()->Settle(/*changes=*/true);
  return ChangeBesideWaiting();
}

int64_t Statement::ChangeBesideWaiting() {
  SetIndicators();
  statement_.execute(true);
  return statement_.get_affected_rows();
}

Session::Session() = default;
Session::~Session() = default;

void Session::GroupWrites() {
  grouped_ = std::make_unique<GroupedWrites>(this, ConnectionOf(*this));
}

void Session::Settle() {
  if (grouped_ != nullptr) grouped_->Settle(/*changes=*/false);
}

void Session::BeginJob() {
  if (grouped_ != nullptr) return grouped_->BeginJob();
  Prepared("SAVEPOINT job").Change();
}

void Session::EndJob(bool keep) {
  if (grouped_ != nullptr) return grouped_->EndJob(keep);
  if (!keep) Prepared("ROLLBACK TO job").Change();
  Prepared("RELEASE job").Change();
}

Statement& Session::Prepared(const std::string& sql, const std::vector<CellType>& parameters,
                             const std::vector<CellType>& results, Reading reading) {
  std::unique_ptr<Statement>& statement = statements_[sql];
  if (statement == nullptr) {
    statement = std::make_unique<Statement>(*this, sql, parameters, results, reading);
  }
  return *statement;
}

void Session::Run(absl::string_view sql) {
  if (grouped_ != nullptr) grouped_->Settle(/*changes=*/true);
  sql_.once << std::string(sql);
}

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
