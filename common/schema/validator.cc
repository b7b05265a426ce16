#include "common/schema/validator.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"
#include "common/schema/date.h"
#include "common/schema/field.h"
#include "common/schema/money.h"
#include "common/schema/text.h"
#include "google/protobuf/reflection.h"

namespace clustr::schema {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

constexpr int kDefaultMaxLength = 256;
constexpr int kMaxRequestId = 64;

std::string WhyNotInteger(int64_t value, const options::v1::Field& options) {
  if (options.meaning() == options::v1::MEANING_ID) {
    if (value == 0) return "0 is not an id; give an id from 1 to 9007199254740991";
    if (value < 1) return absl::StrCat(value, " is below 1; give an id from 1 to 9007199254740991");
    if (value > kGreatestId) {
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

std::string WhyNotRequestId(const std::string& text) {
  const bool visible =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (visible && text.size() <= kMaxRequestId) return "";
  return absl::StrCat("is not 1 to 64 visible ASCII characters; give for example a UUID");
}

std::string WhyNotString(const std::string& text, const FieldDescriptor& field,
                         const options::v1::Field& options) {
  // Empty is unset, but where a field has presence it is a value.
  const bool is_date = options.meaning() == options::v1::MEANING_DATE;
  if (text.empty() && !(is_date && field.has_presence())) {
    // Else the first row without a name of its own would keep the next one out.
    const bool names_row = options.unique() && field.has_presence();
    return names_row ? "is empty; leave it unset, or give what identifies the row" : "";
  }
  switch (options.meaning()) {
    case options::v1::MEANING_DATE:
      if (ParseDate(text).has_value()) return "";
      return absl::StrCat(Quoted(text), " is not a date that exists; give YYYY-MM-DD");
    case options::v1::MEANING_REQUEST_ID:
      return WhyNotRequestId(text);
    default:
      return WhyNotText(text, options.has_max_length() ? options.max_length() : kDefaultMaxLength);
  }
}

// The values of an enum that mean something, as a remedy.
std::string EnumRemedy(const google::protobuf::EnumDescriptor& type) {
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

template <class Values>
bool HasRepeats(const Values& values) {
  absl::flat_hash_set<int64_t> seen;
  return std::any_of(values.begin(), values.end(),
                     [&](int64_t value) { return !seen.insert(value).second; });
}

}  // namespace

struct Validator::FieldRule {
  const FieldDescriptor* field;
  const options::v1::Field* options;
  std::unique_ptr<Validator> inner;  // Of a message field.
};

Validator::Validator(const Descriptor& message) : is_model_(TableOptions(message) != nullptr) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    const options::v1::Field& options = FieldOptions(*field);
    if (options.output_only() || options.not_stored()) continue;
    FieldRule rule{field, &options, nullptr};
    const Descriptor* inner = field->message_type();
    // Only messages of this API carry rules; FieldMask and the like have none.
    if (inner != nullptr && inner->file()->package().rfind("clustr.", 0) == 0) {
      rule.inner = std::make_unique<Validator>(*inner);
    }
    rules_.push_back(std::move(rule));
  }
}

Validator::~Validator() = default;

std::string JoinPath(absl::string_view path, absl::string_view name) {
  return path.empty() ? std::string(name) : absl::StrCat(path, ".", name);
}

void Validator::CheckField(const Message& message, const FieldRule& rule, absl::string_view path,
                           std::vector<Violation>* violations) const {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* field = rule.field;
  std::string scratch;
  const auto refuse = [&](std::string why, int index = -1) {
    if (why.empty()) return;
    std::string name = JoinPath(path, field->name());
    if (index >= 0) absl::StrAppend(&name, "[", index, "]");
    violations->push_back({std::move(name), std::move(why)});
  };
  if (field->is_repeated()) {
    const int size = reflection.FieldSize(message, field);
    if (rule.options->has_max_items() && size > rule.options->max_items()) {
      return refuse(absl::StrCat(size, " entries; give at most ", rule.options->max_items()));
    }
    if (size < rule.options->min_items()) {
      return refuse(absl::StrCat(size, " entries; give at least ", rule.options->min_items()));
    }
    for (int i = 0; i < size; ++i) {
      switch (field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
          if (rule.inner != nullptr) {
            rule.inner->Check(reflection.GetRepeatedMessage(message, field, i),
                              absl::StrCat(JoinPath(path, field->name()), "[", i, "]"), violations);
          }
          break;
        case FieldDescriptor::CPPTYPE_INT64: {
          const int64_t value = reflection.GetRepeatedInt64(message, field, i);
          refuse(WhyNotInteger(value, *rule.options), i);
          break;
        }
        case FieldDescriptor::CPPTYPE_STRING:
          refuse(WhyNotString(reflection.GetRepeatedStringReference(message, field, i, &scratch),
                              *field, *rule.options),
                 i);
          break;
        default:
          break;
      }
    }
    if (rule.options->distinct() &&
        HasRepeats(reflection.GetRepeatedFieldRef<int64_t>(message, field))) {
      refuse("names a product twice; give each once");
    }
    return;
  }
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    if (rule.inner != nullptr && reflection.HasField(message, field)) {
      rule.inner->Check(reflection.GetMessage(message, field), JoinPath(path, field->name()),
                        violations);
    } else if (rule.options->required() && !reflection.HasField(message, field)) {
      refuse("is required and missing; give it");
    }
    return;
  }
  if (!is_model_ && rule.options->required() && !IsSet(message, *field)) {
    return refuse(absl::StrCat("is required and missing; ", Remedy(*field, *rule.options)));
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      if (reflection.HasField(message, field)) {
        refuse(WhyNotInteger(reflection.GetInt64(message, field), *rule.options));
      }
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      if (reflection.HasField(message, field)) {
        refuse(WhyNotInteger(reflection.GetInt32(message, field), *rule.options));
      }
      return;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      if (rule.options->meaning() == options::v1::MEANING_MONEY &&
          reflection.HasField(message, field)) {
        refuse(WhyNotMoney(reflection.GetDouble(message, field)));
      }
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      if (reflection.HasField(message, field)) {
        refuse(WhyNotString(reflection.GetStringReference(message, field, &scratch), *field,
                            *rule.options));
      }
      return;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int value = reflection.GetEnumValue(message, field);
      if (field->enum_type()->FindValueByNumber(value) == nullptr) {
        refuse(absl::StrCat(value, " is no ", field->enum_type()->name(), "; ",
                            EnumRemedy(*field->enum_type())));
      }
      return;
    }
    default:
      return;
  }
}

void Validator::Check(const Message& message, absl::string_view path,
                      std::vector<Violation>* violations) const {
  for (const FieldRule& rule : rules_) CheckField(message, rule, path, violations);
}

void Validator::CheckSettings(const Message& message, std::vector<Violation>* violations) const {
  for (const FieldRule& rule : rules_) {
    if (rule.inner == nullptr) CheckField(message, rule, "", violations);
  }
}

void Validator::CheckRequired(const Message& row, absl::string_view path,
                              std::vector<Violation>* violations,
                              const FieldDescriptor* filled_later) const {
  const Reflection& reflection = *row.GetReflection();
  std::string scratch;
  for (const FieldRule& rule : rules_) {
    if (!rule.options->required() || rule.field == filled_later) continue;
    const bool set = IsSet(row, *rule.field);
    if (!set) {
      violations->push_back(
          {JoinPath(path, rule.field->name()),
           absl::StrCat("is required and missing; ", Remedy(*rule.field, *rule.options))});
    } else if (rule.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
               IsBlank(reflection.GetStringReference(row, rule.field, &scratch))) {
      violations->push_back(
          {JoinPath(path, rule.field->name()), "has nothing but spaces; give a text"});
    }
  }
}

}  // namespace clustr::schema
