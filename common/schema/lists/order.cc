#include "common/schema/lists/order.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/schema/annotations.h"
#include "common/schema/lists/list_columns.h"

namespace clustr::schema {

using google::protobuf::Descriptor;

namespace {

// Parses one part of an order_by and appends its key. Returns why it is refused, or an empty
// string.
std::string ReadKey(absl::string_view part, const Descriptor& model,
                    const std::vector<Column>& columns, std::vector<OrderKey>* keys) {
  const std::vector<absl::string_view> words = absl::StrSplit(part, ' ', absl::SkipEmpty());
  if (words.empty()) return "a field is missing; separate fields by one comma";
  const auto column = std::find_if(columns.begin(), columns.end(), [&](const Column& candidate) {
    return candidate.field->name() == words[0];
  });
  if (column == columns.end()) return WhyNotListColumn(words[0], model);
  if (words.size() > 2 || (words.size() == 2 && words[1] != "desc")) {
    return absl::StrCat(Quoted(absl::StripAsciiWhitespace(part)),
                        " is not an order; give a field, optionally followed by `desc`");
  }
  for (const OrderKey& key : *keys) {
    if (key.column.field == column->field) {
      return absl::StrCat(Quoted(words[0]), " is named twice; name it once");
    }
  }
  keys->push_back({*column, words.size() == 2});
  return "";
}

}  // namespace

std::vector<OrderKey> ParseOrder(absl::string_view text, const Descriptor& model,
                                 std::vector<Violation>* violations) {
  std::vector<OrderKey> keys;
  const std::vector<Column> columns = ListColumns(model);
  if (!absl::StripAsciiWhitespace(text).empty()) {
    for (absl::string_view part : absl::StrSplit(text, ',')) {
      std::string why = ReadKey(part, model, columns, &keys);
      if (!why.empty()) violations->push_back({"order_by", std::move(why)});
    }
  }
  const auto is_id = [&](const auto& of) { return of.field == IdField(model); };
  const auto id = std::find_if(keys.begin(), keys.end(),
                               [&](const OrderKey& key) { return is_id(key.column); });
  if (id == keys.end()) {
    keys.push_back({*std::find_if(columns.begin(), columns.end(), is_id), false});
  } else {
    // The id is unique, so keys after it have no effect.
    keys.erase(id + 1, keys.end());
  }
  return keys;
}

}  // namespace clustr::schema
