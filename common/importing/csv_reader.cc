#include "common/importing/csv_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace clustr::importing {

CsvReader::CsvReader(ByteSource source) : scanner_(std::move(source)) {}

absl::StatusOr<CsvReader> CsvReader::Open(const std::string& path, std::string_view delimiters) {
  CLUSTR_ASSIGN_OR_RETURN(ByteSource source, ByteSource::Open(path));
  CsvReader reader(std::move(source));
  CLUSTR_RETURN_IF_ERROR(reader.ReadHeader(delimiters));
  return reader;
}

absl::Status CsvReader::ReadHeader(std::string_view delimiters) {
  CLUSTR_RETURN_IF_ERROR(scanner_.Start(delimiters));
  CLUSTR_ASSIGN_OR_RETURN(const bool found, scanner_.Next());
  if (!found) {
    return absl::InvalidArgumentError("the file is empty; its first row names the columns");
  }
  if (!scanner_.problem().empty()) {
    return absl::InvalidArgumentError("header row: " + scanner_.problem());
  }
  scanner_.set_column_names({scanner_.cells().begin(), scanner_.cells().end()});
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::Next(CsvRow* row) {
  CLUSTR_ASSIGN_OR_RETURN(const bool found, scanner_.Next());
  if (!found) return false;
  row->number = ++row_number_;
  row->bytes = scanner_.record_bytes();
  row->error = scanner_.problem();
  row->cells = absl::Span<const std::string_view>();
  if (!row->error.empty()) return true;
  const size_t cells = scanner_.cells().size();
  if (cells != header().size()) {
    wrong_size_ =
        absl::StrCat("has ", cells, cells == 1 ? " cell" : " cells", " where the header has ",
                     header().size(), "; complete the row, and put a cell with a ",
                     scanner_.delimiter() == ',' ? "comma" : "delimiter", " into quotes");
    row->error = wrong_size_;
  } else {
    row->cells = scanner_.cells();
  }
  return true;
}

}  // namespace clustr::importing
