#include "common/backup/backup_check.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace clustr::backup {

using ops::v1::BackupContent;

namespace {

constexpr char kRemedy[] = "; restore another backup, whole and as it was made";

absl::Status OutOfOrder(absl::string_view what) {
  return Refused(absl::StrCat("the backup is not in order: ", what, kRemedy));
}

int CellCount(const ops::v1::BackupTableColumn& column, const ops::v1::BackupCells& cells) {
  if (absl::StartsWith(column.type(), "BIGINT")) return cells.integers_size();
  return absl::StartsWith(column.type(), "TEXT") ? cells.texts_size() : cells.reals_size();
}

}  // namespace

absl::StatusOr<BackupContent> BackupCheck::Next(const ops::v1::BackupChunk& chunk) {
  if (absl::Status next = chain_.Check(chunk); !next.ok()) {
    return Refused(absl::StrCat(next.message(), kRemedy));
  }
  BackupContent content;
  if (!content.ParseFromString(chunk.content())) {
    return OutOfOrder(absl::StrCat("chunk ", chunk.number(), " cannot be decoded"));
  }
  CLUSTR_RETURN_IF_ERROR(Take(content, chunk.content()));
  ++chunks_;
  return content;
}

absl::Status BackupCheck::Take(const BackupContent& content, const std::string& bytes) {
  if (ended_) return OutOfOrder("something follows its end");
  if (begun_ == content.has_header()) {
    return OutOfOrder(begun_ ? "it has a second header" : "it does not begin with a header");
  }
  switch (content.content_case()) {
    case BackupContent::kHeader:
      begun_ = true;
      header_ = content.header();
      if (header_.format() == kFormat) return absl::OkStatus();
      return Refused(absl::StrCat("the backup has format ", header_.format(), ", made by version ",
                                  header_.server_version(), ", and this version knows format ",
                                  kFormat, "; restore it with that version"));
    case BackupContent::kTable:
      table_ = content.table();
      break;
    case BackupContent::kRows:
      CLUSTR_RETURN_IF_ERROR(TakeRows(content.rows()));
      break;
    case BackupContent::kEnd:
      ended_ = true;
      end_ = content.end();
      if (end_.row_count() == rows_ && end_.data_sha256() == data_.Digest()) {
        return absl::OkStatus();
      }
      return OutOfOrder("its end tells of other rows");
    case BackupContent::CONTENT_NOT_SET:
      return OutOfOrder("a chunk is empty");
  }
  if (table_.shop_data()) data_.Add(bytes);
  return absl::OkStatus();
}

absl::Status BackupCheck::TakeRows(const ops::v1::BackupRows& rows) {
  bool fits = rows.row_count() > 0 && rows.columns_size() == table_.columns_size() &&
              rows.columns_size() > 0;
  for (int i = 0; fits && i < rows.columns_size(); ++i) {
    const ops::v1::BackupCells& cells = rows.columns(i);
    fits = CellCount(table_.columns(i), cells) == rows.row_count();
    int last = -1;
    for (const int place : cells.nulls()) {
      fits = fits && place > last && place < rows.row_count();
      last = place;
    }
  }
  if (!fits) return OutOfOrder(absl::StrCat("rows do not fit table ", table_.name()));
  rows_ += rows.row_count();
  return absl::OkStatus();
}

absl::Status BackupCheck::Complete() const {
  if (ended_) return absl::OkStatus();
  return Refused(absl::StrCat(begun_ ? "the backup is not complete: its end is missing"
                                     : "there is no backup: not even a header",
                              kRemedy));
}

}  // namespace clustr::backup
