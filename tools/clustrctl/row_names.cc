#include "tools/clustrctl/row_names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/importing/field_text.h"
#include "common/schema/annotations.h"

namespace clustr::ctl {
namespace {

bool IsNumber(std::string_view text) {
  const size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.size() > sign && std::all_of(text.begin() + sign, text.end(),
                                           [](unsigned char c) { return absl::ascii_isdigit(c); });
}

}  // namespace

std::string SetRowName(std::string_view text, const google::protobuf::FieldDescriptor& id,
                       google::protobuf::Message* request) {
  const auto* key = schema::KeyOf(*request->GetDescriptor(), id);
  if (text.empty() || IsNumber(text)) {
    if (text.empty() || text[0] == '-' || text == "0") {
      return absl::StrCat(Quoted({text.data(), text.size()}),
                          " names no row; give its id, from 1, or its external_id");
    }
    std::string why;
    importing::SetFieldFromText(text, id, request, &why);
    return why;
  }
  if (text[0] == '@') text.remove_prefix(1);
  if (text.empty()) return "\"@\" names no row; give its external_id after it, for example @1001";
  const google::protobuf::Reflection& reflection = *request->GetReflection();
  if (key->is_repeated()) {
    reflection.AddString(request, key, std::string(text));
  } else {
    reflection.SetString(request, key, std::string(text));
  }
  return "";
}

absl::Status AddRowNames(std::string_view text, const std::string& field,
                         google::protobuf::Message* request) {
  const auto& id = *request->GetDescriptor()->FindFieldByName(field);
  size_t start = 0;
  while (start <= text.size()) {
    const size_t end = std::min(text.find(',', start), text.size());
    const std::string_view name = text.substr(start, end - start);
    const std::string why =
        name.empty() ? "is empty; give an id or an external_id" : SetRowName(name, id, request);
    if (!why.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("product ", Quoted({name.data(), name.size()}), ": ", why));
    }
    start = end + 1;
  }
  return absl::OkStatus();
}

}  // namespace clustr::ctl
