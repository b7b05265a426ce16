#include "common/schema/value_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/schema/date.h"
#include "common/schema/text.h"

namespace clustr::schema {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

namespace {

constexpr int kDefaultMaxLength = 256;
constexpr int kMaxRequestId = 64;

std::string WhyNotRequestId(const std::string& text) {
  const bool visible =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (visible && text.size() <= kMaxRequestId) return "";
  return absl::StrCat("is not 1 to 64 visible ASCII characters; give for example a UUID");
}

// The remedy that lists the values of an enum, without the zero value, which means unset.
std::string EnumRemedy(const EnumDescriptor& type) {
  std::string names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == 0) continue;
    absl::StrAppend(&names, names.empty() ? "give one of " : ", ", type.value(i)->name());
  }
  return names;
}

std::string Remedy(const FieldDescriptor& field, const options::v1::Field& options) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) return EnumRemedy(*field.enum_type());
  switch (options.meaning()) {
    case options::v1::MEANING_DATE:
      return "give a date YYYY-MM-DD";
    case options::v1::MEANING_MONEY:
      return "give an amount, for example 12.50";
    case options::v1::MEANING_ID:
      return "give an id";
    default:
      return "give a value";
  }
}

}  // namespace

std::string WhyNotInteger(int64_t value, const options::v1::Field& options) {
  if (options.meaning() == options::v1::MEANING_ID) {
    if (value == 0) return "0 is not an id; give an id from 1 to 9007199254740991";
    if (value < 1) return absl::StrCat(value, " is below 1; give an id from 1 to 9007199254740991");
    if (value > kMaxId) {
      return absl::StrCat(value, " is above 9007199254740991 (2^53 - 1); give a smaller id");
    }
  }
  if (options.has_min() && value < options.min()) {
    return absl::StrCat(value, " is below ", options.min(), "; give at least ", options.min());
  }
  if (options.has_max() && value > options.max()) {
    return absl::StrCat(value, " is above ", options.max(), "; give at most ", options.max());
  }
  return "";
}

std::string WhyNotString(const std::string& text, const FieldDescriptor& field,
                         const options::v1::Field& options) {
  const bool is_date = options.meaning() == options::v1::MEANING_DATE;
  if (text.empty() && !(is_date && field.has_presence())) {
    // A second row with an empty unique value would collide with the first one, and no row has an
    // empty key.
    const bool is_key = options.unique() || !options.key_of().empty();
    const bool names_row = is_key && (field.has_presence() || field.is_repeated());
    return names_row ? "is empty; leave it unset, or give a value that identifies the row" : "";
  }
  switch (options.meaning()) {
    case options::v1::MEANING_DATE:
      if (ParseDate(text).has_value()) return "";
      return absl::StrCat(Quoted(text), " is not a date that exists; give YYYY-MM-DD");
    case options::v1::MEANING_REQUEST_ID:
      return WhyNotRequestId(text);
    default:
      return WhyNotText(text, MaxLength(options));
  }
}

int64_t MaxLength(const options::v1::Field& options) {
  return options.has_max_length() ? options.max_length() : kDefaultMaxLength;
}

std::string WhyNotEnum(int value, const EnumDescriptor& type) {
  if (type.FindValueByNumber(value) != nullptr) return "";
  return absl::StrCat(value, " is not a value of ", type.name(), "; ", EnumRemedy(type));
}

std::string WhyMissing(const FieldDescriptor& field, const options::v1::Field& options) {
  return absl::StrCat("is required and missing; ", Remedy(field, options));
}

}  // namespace clustr::schema
