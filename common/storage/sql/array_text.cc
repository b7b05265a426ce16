#include "common/storage/sql/array_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace clustr::storage {

std::string ArrayText(absl::Span<const int64_t> values) {
  return absl::StrCat("{", absl::StrJoin(values, ","), "}");
}

std::string ArrayText(absl::Span<const std::string> values) {
  std::string text = "{";
  for (const std::string& value : values) {
    if (value.find('\0') != std::string::npos) continue;
    if (text.size() > 1) text.push_back(',');
    text.push_back('"');
    for (const char c : value) {
      if (c == '"' || c == '\\') text.push_back('\\');
      text.push_back(c);
    }
    text.push_back('"');
  }
  text.push_back('}');
  return text;
}

}  // namespace clustr::storage
