#include "tools/clustrctl/table_file.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"

namespace clustr::ctl {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

absl::StatusOr<std::optional<TableFile>> OpenTableFile(const std::string& folder,
                                                       const Descriptor& row) {
  const std::filesystem::path plain = std::filesystem::path(folder) / (TableName(row) + ".csv");
  const std::filesystem::path packed = plain.string() + ".gz";
  std::error_code error;
  const bool has_plain = std::filesystem::exists(plain, error);
  const bool has_packed = std::filesystem::exists(packed, error);
  if (has_plain && has_packed) {
    return absl::FailedPreconditionError(absl::StrCat(
        plain.string(), " and ", packed.filename().string(), " are both there; remove one"));
  }
  if (!has_plain && !has_packed) return std::nullopt;
  const std::filesystem::path path = has_plain ? plain : packed;
  absl::StatusOr<importing::CsvReader> reader = importing::CsvReader::Open(path.string());
  if (!reader.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), ": ", reader.status().message()));
  }
  absl::StatusOr<importing::CsvColumns> columns =
      importing::CsvColumns::Bind(row, reader->header());
  if (!columns.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), ": ", columns.status().message()));
  }
  return TableFile{&row, path.filename().string(),
                   static_cast<int64_t>(std::filesystem::file_size(path, error)),
                   *std::move(reader), *std::move(columns)};
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
