#include "common/storage/backup/backup_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/backup/backup_check.h"
#include "common/schema/annotations.h"
#include "common/storage/system/counters.h"
#include "common/storage/system/identity.h"

namespace clustr::storage {

using ops::v1::BackupContent;
using ops::v1::BackupRows;
using schema::CellType;

namespace {

// A chunk ends with the row that takes it beyond one of these.
constexpr size_t kChunkBytes = 512 * 1024;
constexpr int kChunkRows = 20'000;

// Adds a cell; returns about how many bytes it takes.
size_t AddCell(const schema::Cell& cell, CellType type, int place, ops::v1::BackupCells* cells) {
  if (cell.null) cells->add_nulls(place);
  switch (type) {
    case CellType::kInteger:
      cells->add_integers(cell.null ? 0 : cell.integer);
      return 4;
    case CellType::kReal:
      cells->add_reals(cell.null ? 0 : cell.real);
      return 8;
    case CellType::kText:
      cells->add_texts(cell.null ? std::string() : cell.text);
      return 2 + cells->texts(place).size();
  }
  return 0;
}

}  // namespace

BackupReader::BackupReader(Session* session,
                           std::vector<const google::protobuf::Descriptor*> models,
                           ops::v1::BackupHeader header)
    : session_(*session), models_(std::move(models)), header_(std::move(header)) {}

void BackupReader::CompleteHeader(ops::v1::BackupHeader* header) {
  const StoredCounters counters = LoadCounters(session_);
  header->set_format(backup::kFormat);
  header->set_database_format(kDatabaseFormat);
  header->set_revision(counters.head_revision);
  header->mutable_snapshot_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  for (const auto* model : models_) {
    const std::string& table = schema::TableOptions(*model)->name();
    const auto counter = counters.tables.find(table);
    (*header->mutable_row_counts())[table] =
        counter == counters.tables.end() ? 0 : counter->second.rows;
  }
}

bool BackupReader::Next(ops::v1::BackupChunk* chunk) {
  if (ended_) return false;
  const size_t table = table_;  // That of the rows, if the step reads any.
  const BackupContent content = Step();
  std::string bytes = content.SerializeAsString();
  if (content.has_table() ? content.table().shop_data()
                          : content.has_rows() && tables_[table].description.shop_data()) {
    data_.Add(bytes);
  }
  chain_.Seal(std::move(bytes), chunk);
  return true;
}

BackupContent BackupReader::Step() {
  BackupContent content;
  if (!begun_) {
    begun_ = true;
    CompleteHeader(&header_);
    tables_ = StoredTables(session_, models_);
    *content.mutable_header() = header_;
    return content;
  }
  if (rows_ != nullptr && FillRows(content.mutable_rows())) return content;
  content.Clear();
  if (table_ < tables_.size()) {
    OpenTable();
    *content.mutable_table() = tables_[table_].description;
    return content;
  }
  ended_ = true;
  content.mutable_end()->set_row_count(row_count_);
  content.mutable_end()->set_data_sha256(data_.Digest());
  return content;
}

void BackupReader::OpenTable() {
  const StoredTable& table = tables_[table_];
  const std::string columns = absl::StrJoin(
      table.description.columns(), ", ",
      [](std::string* out, const auto& column) { absl::StrAppend(out, column.name()); });
  rows_ =
      std::make_unique<Statement>(session_,
                                  absl::StrCat("SELECT ", columns, " FROM ",
                                               table.description.name(), " ORDER BY ", table.order),
                                  std::vector<CellType>{}, table.types, Reading::kInPieces);
  rows_->Execute();
}

bool BackupReader::FillRows(BackupRows* rows) {
  const std::vector<CellType>& types = tables_[table_].types;
  for (size_t i = 0; i < types.size(); ++i) rows->add_columns();
  size_t bytes = 0;
  int count = 0;
  while (bytes < kChunkBytes && count < kChunkRows) {
    if (!rows_->Fetch()) {
      // Nothing may be fetched behind the last row.
      rows_ = nullptr;
      ++table_;
      break;
    }
    for (size_t i = 0; i < types.size(); ++i) {
      bytes +=
          AddCell(rows_->result(i), types[i], count, rows->mutable_columns(static_cast<int>(i)));
    }
    ++count;
  }
  rows->set_row_count(count);
  row_count_ += count;
  return count > 0;
}

}  // namespace clustr::storage
