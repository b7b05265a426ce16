#include "common/storage/backup/restore_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/backup/chunk_chain.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "common/storage/server/grouped_writes.h"
#include "common/storage/sql/indexes.h"
#include "common/storage/system/histories.h"
#include "common/storage/system/identity.h"

namespace clustr::storage {

using backup::Refused;
using google::protobuf::Descriptor;
using ops::v1::BackupContent;
using ops::v1::BackupTableColumn;
using schema::CellType;

namespace {

constexpr char kCountersTable[] = "clustr_counters";

absl::Status Newer(absl::string_view what) {
  return Refused(absl::StrCat("the backup is of a newer version: ", what,
                              "; restore it with a server of that version or a later one"));
}

}  // namespace

RestoreWriter::RestoreWriter(WriteContext* context, std::vector<const Descriptor*> models,
                             std::string service, std::string store_id)
    : context_(*context),
      models_(std::move(models)),
      service_(std::move(service)),
      store_id_(std::move(store_id)) {}

absl::Status RestoreWriter::Write(const BackupContent& content) {
  switch (content.content_case()) {
    case BackupContent::kHeader:
      return Begin(content.header());
    case BackupContent::kTable:
      return OpenTable(content.table());
    case BackupContent::kRows:
      return WriteRows(content.rows());
    case BackupContent::kEnd:
      return End();
    case BackupContent::CONTENT_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

absl::Status RestoreWriter::Begin(const ops::v1::BackupHeader& header) {
  if (header.service() != service_) {
    return Refused(absl::StrCat("this is a backup of clustr-", header.service(),
                                ", and the server is clustr-", service_,
                                "; restore it into a clustr-", header.service()));
  }
  if (header.database_format() > kDatabaseFormat) {
    return Newer(absl::StrCat("its database has format ", header.database_format(),
                              ", and this server knows ", kDatabaseFormat));
  }
  header_ = header;
  tables_ = StoredTables(context_.session(), models_);
  return CheckEmpty();
}

absl::Status RestoreWriter::CheckEmpty() {
  bool empty = context_.head_revision() == 0;
  for (const Descriptor* model : models_) {
    empty = empty && context_.Rows(schema::TableOptions(*model)->name()) == 0;
  }
  if (empty) return absl::OkStatus();
  return MakeError(
      common::v1::ERROR_REASON_NOT_EMPTY,
      absl::StrCat("this server has or had rows (its newest revision is ", context_.head_revision(),
                   "), and a backup does not replace any; start it with a new "
                   "--database, then restore"));
}

const Descriptor* RestoreWriter::ModelOf(const std::string& table) const {
  for (const Descriptor* model : models_) {
    if (schema::TableOptions(*model)->name() == table) return model;
  }
  return nullptr;
}

absl::StatusOr<int> RestoreWriter::PlaceOf(const BackupTableColumn& column, const StoredTable& here,
                                           const Descriptor* model) const {
  const auto& columns = here.description.columns();
  const int number = column.field_number();
  const auto at = std::find_if(columns.begin(), columns.end(), [&](const BackupTableColumn& own) {
    return number == 0 ? own.name() == column.name() : own.field_number() == number;
  });
  const std::string& table = here.description.name();
  if (at == columns.end()) {
    // A field that was removed for good: its values are read by nobody.
    if (model != nullptr && (number == 0 || model->IsReservedNumber(number))) return -1;
    return Newer(absl::StrCat("table ", table, " has the column ", column.name(),
                              ", which this server does not know"));
  }
  if (at->type() != column.type()) {
    return Newer(absl::StrCat("column ", column.name(), " of table ", table, " is ", column.type(),
                              ", and here ", at->type()));
  }
  return static_cast<int>(at - columns.begin());
}

absl::Status RestoreWriter::CheckNewFields(const ops::v1::BackupTable& table,
                                           const StoredTable& here, const Descriptor& model) const {
  for (const BackupTableColumn& own : here.description.columns()) {
    const auto* field = model.FindFieldByNumber(own.field_number());
    if (field == nullptr || !schema::FieldOptions(*field).required()) continue;
    const bool known = std::any_of(
        table.columns().begin(), table.columns().end(),
        [&](const BackupTableColumn& old) { return old.field_number() == own.field_number(); });
    if (!known) {
      return Refused(absl::StrCat("the backup has no column ", own.name(), " in table ",
                                  table.name(),
                                  ", which is required here; restore it with version ",
                                  header_.server_version(), ", and upgrade that server"));
    }
  }
  return absl::OkStatus();
}

absl::Status RestoreWriter::OpenTable(const ops::v1::BackupTable& table) {
  const auto here = std::find_if(tables_.begin(), tables_.end(), [&](const StoredTable& own) {
    return own.description.name() == table.name();
  });
  if (here == tables_.end()) {
    return Newer(absl::StrCat("this server has no table ", Quoted(table.name())));
  }
  const Descriptor* model = ModelOf(table.name());
  if (model != nullptr) CLUSTR_RETURN_IF_ERROR(CheckNewFields(table, *here, *model));
  if (written_.contains(table.name())) {
    return Refused(
        absl::StrCat("the backup has the table ", table.name(), " twice; restore another backup"));
  }
  CloseTable();
  written_[table.name()] = 0;
  target_.name = table.name();
  if (table.name() == kCountersTable) return absl::OkStatus();
  std::vector<std::string> names;
  std::vector<CellType> types;
  for (int i = 0; i < table.columns_size(); ++i) {
    CLUSTR_ASSIGN_OR_RETURN(const int place, PlaceOf(table.columns(i), *here, model));
    if (place < 0) continue;
    names.push_back(here->description.columns(place).name());
    types.push_back(here->types[place]);
    target_.sources.push_back(i);
  }
  target_.filler = std::make_unique<TableFiller>(&context_.session(), table.name(),
                                                 std::move(names), std::move(types));
  return absl::OkStatus();
}

void RestoreWriter::CloseTable() {
  if (target_.filler != nullptr) {
    target_.filler->Finish();
    written_[target_.name] = target_.filler->rows();
  }
  target_ = Target();
}

absl::Status RestoreWriter::WriteRows(const ops::v1::BackupRows& rows) {
  if (target_.name == kCountersTable) {
    TakeCounters(rows);
    return absl::OkStatus();
  }
  std::vector<std::vector<bool>> nulls(target_.sources.size());
  for (size_t i = 0; i < target_.sources.size(); ++i) {
    nulls[i].resize(rows.row_count());
    for (const int place : rows.columns(target_.sources[i]).nulls()) nulls[i][place] = true;
  }
  for (int row = 0; row < rows.row_count(); ++row) {
    for (size_t i = 0; i < target_.sources.size(); ++i) {
      const ops::v1::BackupCells& cells = rows.columns(target_.sources[i]);
      schema::Cell& cell = target_.filler->cell(i);
      cell.null = nulls[i][row];
      switch (target_.filler->type(i)) {
        case CellType::kInteger:
          cell.integer = cells.integers(row);
          break;
        case CellType::kReal:
          cell.real = cells.reals(row);
          break;
        case CellType::kText:
          cell.text = cells.texts(row);
          break;
      }
    }
    CLUSTR_RETURN_IF_ERROR(target_.filler->Add());
  }
  return absl::OkStatus();
}

void RestoreWriter::TakeCounters(const ops::v1::BackupRows& rows) {
  if (rows.columns_size() != 2) return;
  for (int row = 0; row < rows.row_count(); ++row) {
    absl::string_view name = rows.columns(0).texts(row);
    if (absl::ConsumePrefix(&name, "ids:")) {
      counters_[std::string(name)].last_id = rows.columns(1).integers(row);
    }
  }
}

absl::Status RestoreWriter::End() {
  CloseTable();
  for (const Descriptor* model : models_) {
    const std::string& table = schema::TableOptions(*model)->name();
    counters_[table].rows = written_[table];
    const auto told = header_.row_counts().find(table);
    if (told != header_.row_counts().end() && told->second != written_[table]) {
      return Refused(absl::StrCat("the backup has ", written_[table], " rows of ", table,
                                  " where its header tells of ", told->second,
                                  "; restore another backup"));
    }
  }
  context_.Restore(header_.revision(), counters_);
  RecordHistory(context_.session(), store_id_, header_.revision(), counters_);
  CountRestore(context_.session());
  // Calls of the same group may have keys that the restored answers have.
  if (auto* grouped = context_.session().grouped()) grouped->unused_request_keys().clear();
  return absl::OkStatus();
}

}  // namespace clustr::storage
