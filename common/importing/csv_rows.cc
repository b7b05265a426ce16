#include "common/importing/csv_rows.h"

#include "common/base/status_macros.h"

namespace clustr::importing {

absl::StatusOr<std::unique_ptr<RowSource>> CsvRows::Open(
    const std::string& path, const google::protobuf::Descriptor& message) {
  CLUSTR_ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(path));
  CLUSTR_ASSIGN_OR_RETURN(CsvColumns columns, CsvColumns::Bind(message, reader.header()));
  return std::unique_ptr<RowSource>(new CsvRows(std::move(reader), std::move(columns)));
}

absl::StatusOr<bool> CsvRows::Next(google::protobuf::Message* message, common::v1::RowError* error,
                                   size_t* bytes) {
  CLUSTR_ASSIGN_OR_RETURN(const bool found, reader_.Next(&row_));
  if (!found) return false;
  error->set_row(row_.number);
  *bytes = row_.bytes;
  if (!row_.error.empty()) {
    error->add_violations()->set_description(std::string(row_.error));
  } else {
    columns_.Parse(row_.cells, message, error);
  }
  return true;
}

}  // namespace clustr::importing
