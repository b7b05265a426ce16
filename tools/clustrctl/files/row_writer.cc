#include "tools/clustrctl/files/row_writer.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/importing/field_text.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/wrappers.pb.h"

namespace clustr::ctl {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

constexpr size_t kFlushBytes = 1 << 18;

std::string PartPath(const std::string& path) { return path + ".part"; }

absl::Status FileError(const std::string& path) {
  return absl::DataLossError(absl::StrCat(path, ": cannot be written: ", std::strerror(errno)));
}

}  // namespace

void AppendCsvText(std::string_view cell, std::string* out) {
  if (!cell.empty() && cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    out->append(cell);
    return;
  }
  out->push_back('"');
  for (char c : cell) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

RowWriter::RowWriter(std::string path, std::vector<const FieldDescriptor*> fields, RowFormat format,
                     std::FILE* file)
    : path_(std::move(path)), fields_(std::move(fields)), format_(format), file_(file) {
  if (format_ != RowFormat::kCsv) return;
  for (const FieldDescriptor* field : fields_) {
    absl::StrAppend(&buffer_, field == fields_.front() ? "" : ",", field->name());
  }
  buffer_.push_back('\n');
}

RowWriter::~RowWriter() {
  if (file_ != nullptr) std::remove(PartPath(path_).c_str());
}

absl::StatusOr<RowWriter> RowWriter::Create(const std::string& path,
                                            std::vector<const FieldDescriptor*> fields,
                                            RowFormat format) {
  std::FILE* file = std::fopen(PartPath(path).c_str(), "wb");
  if (file == nullptr) return FileError(path);
  std::setvbuf(file, nullptr, _IONBF, 0);
  return RowWriter(path, std::move(fields), format, file);
}

void RowWriter::AppendCsv(const Message& row) {
  for (const FieldDescriptor* field : fields_) {
    if (field != fields_.front()) buffer_.push_back(',');
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      importing::AppendFieldText(row, *field, &buffer_);
    } else if (row.GetReflection()->HasField(row, field)) {
      std::string unused;
      AppendCsvText(row.GetReflection()->GetStringReference(row, field, &unused), &buffer_);
    }
  }
}

void RowWriter::AppendJson(const Message& row) {
  for (const FieldDescriptor* field : fields_) {
    absl::StrAppend(&buffer_, field == fields_.front() ? "{" : ",", "\"", field->name(), "\":");
    if (field->has_presence() && !row.GetReflection()->HasField(row, field)) {
      buffer_.append("null");
    } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      const size_t before = buffer_.size();
      importing::AppendFieldText(row, *field, &buffer_);
      if (buffer_.size() == before) buffer_.append("null");  // An id of 0 is unset.
    } else {
      google::protobuf::StringValue text;
      text.set_value(row.GetReflection()->GetString(row, field));
      std::string quoted;
      (void)google::protobuf::util::MessageToJsonString(text, &quoted);
      buffer_.append(quoted);
    }
  }
  buffer_.push_back('}');
}

absl::Status RowWriter::Write(const Message& row) {
  format_ == RowFormat::kCsv ? AppendCsv(row) : AppendJson(row);
  buffer_.push_back('\n');
  ++rows_;
  return buffer_.size() < kFlushBytes ? absl::OkStatus() : Flush();
}

absl::Status RowWriter::Flush() {
  const size_t written = std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get());
  if (written != buffer_.size()) return FileError(path_);
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status RowWriter::Close() {
  CLUSTR_RETURN_IF_ERROR(Flush());
  if (std::fclose(file_.release()) != 0) return FileError(path_);
  if (std::rename(PartPath(path_).c_str(), path_.c_str()) != 0) return FileError(path_);
  return absl::OkStatus();
}

std::vector<const FieldDescriptor*> FieldsByNumber(const google::protobuf::Descriptor& message,
                                                   const std::vector<int>& numbers) {
  std::vector<const FieldDescriptor*> fields;
  for (int number : numbers) fields.push_back(message.FindFieldByNumber(number));
  return fields;
}

}  // namespace clustr::ctl
