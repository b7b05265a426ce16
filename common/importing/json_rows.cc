#include "common/importing/json_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/importing/utf8.h"
#include "common/schema/annotations.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace clustr::importing {

using google::protobuf::FieldDescriptor;

namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;
constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";
constexpr size_t kMaxLineBytes = size_t{1} << 20;

}  // namespace

absl::StatusOr<std::unique_ptr<RowSource>> JsonRows::Open(
    const std::string& path, const google::protobuf::Descriptor& message) {
  CLUSTR_ASSIGN_OR_RETURN(ByteSource source, ByteSource::Open(path));
  std::unique_ptr<JsonRows> rows(new JsonRows(std::move(source), message));
  CLUSTR_ASSIGN_OR_RETURN(rows->line_waits_, rows->ReadLine());
  if (rows->line_waits_) {
    if (rows->line_.starts_with(kByteOrderMark)) rows->line_.erase(0, sizeof(kByteOrderMark) - 1);
    std::string problem;
    rows->fields_ = rows->FieldsOf(&problem);
    const std::string& id = schema::IdField(message)->name();
    const auto keys = schema::KeyFields(message);
    const bool has_key = std::any_of(keys.begin(), keys.end(), [&](const FieldDescriptor* key) {
      return rows->fields_.contains(key->name());
    });
    if (problem.empty() && !has_key && !rows->fields_.contains(id)) {
      problem = absl::StrCat(id, " is missing; name it in every line");
    }
    if (!problem.empty()) return absl::InvalidArgumentError("first line: " + problem);
  }
  return std::unique_ptr<RowSource>(std::move(rows));
}

absl::StatusOr<bool> JsonRows::Next(google::protobuf::Message* message, common::v1::RowError* error,
                                    size_t* bytes) {
  if (!std::exchange(line_waits_, false)) {
    CLUSTR_ASSIGN_OR_RETURN(const bool found, ReadLine());
    if (!found) return false;
  }
  error->set_row(++row_number_);
  *bytes = line_.size();
  std::string problem;
  if (line_.size() > kMaxLineBytes) {
    problem = "the line is longer than 1 MiB; shorten it";
  } else if (const Names fields = FieldsOf(&problem); problem.empty() && fields != fields_) {
    problem = absl::StrCat("names the fields ", absl::StrJoin(fields, ", "),
                           ", but the first line names ", absl::StrJoin(fields_, ", "),
                           "; name the same fields in every line, with null where one is unset");
  }
  if (problem.empty()) {
    const auto parsed = google::protobuf::util::JsonStringToMessage(line_, message);
    if (!parsed.ok()) problem = std::string(parsed.message());
  }
  if (!problem.empty()) error->add_violations()->set_description(problem);
  return true;
}

std::vector<std::string> JsonRows::MaskPaths() const {
  std::vector<std::string> paths;
  for (const FieldDescriptor* field : schema::ImportFields(message_)) {
    if (field != schema::IdField(message_) && fields_.contains(field->name())) {
      paths.push_back(field->name());
    }
  }
  return paths;
}

absl::StatusOr<bool> JsonRows::ReadLine() {
  while (true) {
    size_t end = buffer_.find('\n', position_);
    while (end == std::string::npos) {
      buffer_.erase(0, position_);
      position_ = 0;
      const size_t held = buffer_.size();
      buffer_.resize(held + kChunkBytes);
      CLUSTR_ASSIGN_OR_RETURN(const size_t count, source_.Read(&buffer_[held], kChunkBytes));
      buffer_.resize(held + count);
      end = buffer_.find('\n', held);
      if (count == 0) end = buffer_.size();
      // A line that is too long will be refused, so the rest of it can be discarded.
      if (end == std::string::npos && held > 2 * kMaxLineBytes) {
        buffer_.resize(kMaxLineBytes + 1);
      }
    }
    if (end == buffer_.size() && position_ == end) return false;
    line_ = buffer_.substr(position_, end - position_);
    bytes_read_ += static_cast<int64_t>(line_.size()) + 1;
    position_ = std::min(end + 1, buffer_.size());
    if (!absl::StripAsciiWhitespace(line_).empty()) return true;
  }
}

JsonRows::Names JsonRows::FieldsOf(std::string* problem) const {
  Names names;
  if (!IsUtf8(line_)) {
    *problem = "is not UTF-8; save the file in that encoding";
    return names;
  }
  google::protobuf::Struct object;
  if (!google::protobuf::util::JsonStringToMessage(line_, &object).ok()) {
    *problem = absl::StrCat(Quoted(line_), " is not a JSON object; write one object per line");
    return names;
  }
  for (const auto& [key, value] : object.fields()) {
    const FieldDescriptor* found = nullptr;
    for (const FieldDescriptor* field : schema::ImportFields(message_)) {
      if (key == field->name() || key == field->json_name()) found = field;
    }
    if (found == nullptr) {
      *problem = absl::StrCat(Quoted(key), " is not an input field of ", message_.name(),
                              "; leave it out");
      return names;
    }
    if (!names.insert(found->name()).second) {
      *problem = absl::StrCat(found->name(), " is named twice; name it once");
      return names;
    }
  }
  return names;
}

}  // namespace clustr::importing
