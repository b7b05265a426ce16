#include "tools/clustrctl/files/table_file.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/importing/csv_rows.h"
#include "common/importing/json_rows.h"
#include "common/schema/annotations.h"

namespace clustr::ctl {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

absl::StatusOr<std::optional<TableFile>> OpenTableFile(const std::string& folder,
                                                       const Descriptor& row) {
  std::error_code error;
  std::filesystem::path path;
  for (const char* ending : {".csv", ".csv.gz", ".jsonl", ".jsonl.gz"}) {
    const std::filesystem::path candidate =
        std::filesystem::path(folder) / absl::StrCat(TableName(row), ending);
    if (!std::filesystem::exists(candidate, error)) continue;
    if (!path.empty()) {
      return absl::FailedPreconditionError(absl::StrCat(
          path.string(), " and ", candidate.filename().string(), " both exist; remove one"));
    }
    path = candidate;
  }
  if (path.empty()) return std::nullopt;
  const bool is_csv = path.stem() == TableName(row) ? path.extension() == ".csv"
                                                    : path.stem().extension() == ".csv";
  absl::StatusOr<std::unique_ptr<importing::RowSource>> rows =
      is_csv ? importing::CsvRows::Open(path.string(), row)
             : importing::JsonRows::Open(path.string(), row);
  if (!rows.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), ": ", rows.status().message()));
  }
  return TableFile{&row, path.filename().string(),
                   static_cast<int64_t>(std::filesystem::file_size(path, error)), *std::move(rows)};
}

const std::string& TableName(const Descriptor& row) { return schema::TableOptions(row)->name(); }

const FieldDescriptor* RowsField(const Descriptor& message) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    const bool messages =
        field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (messages && schema::TableOptions(*field->message_type()) != nullptr) return field;
  }
  return nullptr;
}

}  // namespace clustr::ctl
