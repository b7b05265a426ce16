#include "common/storage/backup/table_filler.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/backup/chunk_chain.h"
#include "common/base/status_macros.h"
#include "common/schema/text.h"
#include "common/storage/server/grouped_writes.h"

namespace clustr::storage {

using schema::CellType;

namespace {

// The key of tables whose rows the database numbers; see Definition.
constexpr char kNumbered[] = "seq";

}  // namespace

TableFiller::TableFiller(Session* session, const std::string& table, std::vector<std::string> names,
                         std::vector<CellType> types)
    : session_(*session),
      form_(std::make_shared<const RowForm>(RowForm{table, std::move(names), std::move(types)})) {
  session_.Run(absl::StrCat("DELETE FROM ", table));
  if (session_.grouped() != nullptr) {
    cells_.resize(form_->types.size());
    return;
  }
  insert_ = std::make_unique<Statement>(
      session_,
      absl::StrCat("INSERT INTO ", table, " (", absl::StrJoin(form_->names, ", "),
                   ") VALUES (:", absl::StrJoin(form_->names, ", :"), ")"),
      form_->types, std::vector<CellType>{});
}

absl::Status TableFiller::Add() {
  ++rows_;
  if (insert_ != nullptr) {
    insert_->Change();
    return absl::OkStatus();
  }
  CLUSTR_RETURN_IF_ERROR(CheckTexts());
  session_.grouped()->rows().Add(form_, cells_);
  session_.grouped()->SettleIfLarge();
  return absl::OkStatus();
}

absl::Status TableFiller::CheckTexts() const {
  for (size_t i = 0; i < cells_.size(); ++i) {
    const schema::Cell& cell = cells_[i];
    if (form_->types[i] != CellType::kText || cell.null) continue;
    if (cell.text.find('\0') == std::string::npos && schema::IsUtf8(cell.text)) continue;
    return backup::Refused(absl::StrCat(
        "column ", form_->names[i], " of row ", rows_, " of table ", form_->table,
        form_->types[0] == CellType::kInteger
            ? absl::StrCat(" (", form_->names[0], " ", cells_[0].integer, ")")
            : "",
        " has a text that is damaged: it is not UTF-8, or has U+0000, which PostgreSQL does not "
        "store; correct it at the server that the backup came from, and make a new backup"));
  }
  return absl::OkStatus();
}

void TableFiller::Finish() {
  if (insert_ != nullptr) return;
  session_.Settle();
  const auto& names = form_->names;
  if (std::find(names.begin(), names.end(), kNumbered) == names.end()) return;
  // A file numbers behind the greatest by itself. A sequence does not go back when the transaction
  // is rolled back, and then has to be behind the rows that were there before.
  const std::string sequence =
      absl::StrCat("pg_get_serial_sequence('", form_->table, "', '", kNumbered, "')");
  session_.Integer(absl::StrCat("SELECT setval(", sequence, ", greatest(coalesce(max(", kNumbered,
                                "), 1), nextval(", sequence, "))) FROM ", form_->table));
}

}  // namespace clustr::storage
