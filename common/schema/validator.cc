#include "common/schema/validator.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"
#include "common/schema/bound_pairs.h"
#include "common/schema/wire/entry_limits.h"
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

std::string EntryPath(absl::string_view path, const FieldDescriptor& field, int index) {
  return absl::StrCat(JoinPath(path, field.name()), "[", index, "]");
}

// Appends a violation of `field`, or of its entry `index`, unless `why` is empty. The path is
// joined only then: most values are good.
void Refuse(absl::string_view path, const FieldDescriptor& field, std::string why,
            std::vector<Violation>* violations, int index = -1) {
  if (why.empty()) return;
  violations->push_back(
      {index < 0 ? JoinPath(path, field.name()) : EntryPath(path, field, index), std::move(why)});
}

template <class Values>
bool HasRepeats(const Values& values) {
  absl::flat_hash_set<int64_t> seen;
  return std::any_of(values.begin(), values.end(),
                     [&](int64_t value) { return !seen.insert(value).second; });
}

// A field with `size` entries, of which `keys` are those of the field `key` that stands in for it.
std::string WhyNotSize(int64_t size, int64_t keys, const options::v1::Field& options,
                       const FieldDescriptor* key) {
  const std::string together = keys == 0 ? "" : absl::StrCat("together with ", key->name(), ", ");
  if (const int64_t max = options.max_items(); options.has_max_items() && size + keys > max) {
    // WithinEntryLimits may have cut a list that is too long by itself, so its length is unknown.
    const bool unknown = keys > 0 && std::max(size, keys) > max;
    return absl::StrCat(together, TooManyEntries(unknown ? max + 1 : size + keys, max));
  }
  if (size + keys < options.min_items()) {
    return absl::StrCat(together, size + keys, size + keys == 1 ? " entry" : " entries",
                        "; give at least ", options.min_items());
  }
  return "";
}

}  // namespace

// One field to check. Each function appends the violations of the field in `message`.
struct Validator::FieldRule {
  const FieldDescriptor* field;
  const options::v1::Field* options;
  std::unique_ptr<Validator> inner;  // Checks a message field; null for other fields.
  const FieldDescriptor* key;        // Names by key what this field names by id; may be null.
  const FieldDescriptor* id;         // Names by id what this field names by key; may be null.
  // The upper bound that belongs to this field, the lower one; null for other fields.
  const FieldDescriptor* upper = nullptr;

  // True if the field is not set, and no key stands in for it.
  bool IsMissing(const Message& message) const {
    return !IsSet(message, *field) && (key == nullptr || !IsSet(message, *key));
  }
  std::string WhyMissing() const {
    const std::string why = schema::WhyMissing(*field, *options);
    return key == nullptr ? why : absl::StrCat(why, ", or give ", key->name());
  }
  void CheckRepeated(const Message& message, absl::string_view path,
                     std::vector<Violation>* violations) const;
  void CheckEntry(const Message& message, int index, absl::string_view path,
                  std::vector<Violation>* violations) const;
  void CheckMessage(const Message& message, absl::string_view path,
                    std::vector<Violation>* violations) const;
  std::string WhyNotScalar(const Message& message, const Reflection& reflection) const;
};

void Validator::FieldRule::CheckRepeated(const Message& message, absl::string_view path,
                                         std::vector<Violation>* violations) const {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, field);
  const int keys = key == nullptr ? 0 : reflection.FieldSize(message, key);
  if (std::string why = WhyNotSize(size, keys, *options, key);
      !why.empty()) {
    return Refuse(path, *field, std::move(why), violations);
  }
  for (int i = 0; i < size; ++i) CheckEntry(message, i, path, violations);
  if (options->distinct() && HasRepeats(reflection.GetRepeatedFieldRef<int64_t>(message, field))) {
    Refuse(path, *field, "names a product twice; give each once", violations);
  }
}

void Validator::FieldRule::CheckEntry(const Message& message, int index, absl::string_view path,
                                      std::vector<Violation>* violations) const {
  const Reflection& reflection = *message.GetReflection();
  std::string scratch;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (inner == nullptr) return;
      return inner->Check(reflection.GetRepeatedMessage(message, field, index),
                          EntryPath(path, *field, index), violations);
    case FieldDescriptor::CPPTYPE_INT64:
      return Refuse(path, *field,
                    WhyNotInteger(reflection.GetRepeatedInt64(message, field, index), *options),
                    violations, index);
    case FieldDescriptor::CPPTYPE_STRING:
      return Refuse(
          path, *field,
          WhyNotString(reflection.GetRepeatedStringReference(message, field, index, &scratch),
                       *field, *options),
          violations, index);
    default:
      return;
  }
}

void Validator::FieldRule::CheckMessage(const Message& message, absl::string_view path,
                                        std::vector<Violation>* violations) const {
  const Reflection& reflection = *message.GetReflection();
  const bool set = reflection.HasField(message, field);
  if (inner != nullptr && set) {
    inner->Check(reflection.GetMessage(message, field), JoinPath(path, field->name()), violations);
  } else if (options->required() && !set) {
    Refuse(path, *field, "is required and missing; give it", violations);
  }
}

// Why the value of a singular scalar field is refused; empty if it is accepted or not set.
std::string Validator::FieldRule::WhyNotScalar(const Message& message,
                                               const Reflection& reflection) const {
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    return WhyNotEnum(reflection.GetEnumValue(message, field), *field->enum_type());
  }
  if (!reflection.HasField(message, field)) return "";
  std::string scratch;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return WhyNotInteger(reflection.GetInt64(message, field), *options);
    case FieldDescriptor::CPPTYPE_INT32:
      return WhyNotInteger(reflection.GetInt32(message, field), *options);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      if (options->meaning() != options::v1::MEANING_MONEY) return "";
      return WhyNotMoney(reflection.GetDouble(message, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return WhyNotString(reflection.GetStringReference(message, field, &scratch), *field,
                          *options);
    default:
      return "";
  }
}

Validator::Validator(const Descriptor& message) : is_model_(TableOptions(message) != nullptr) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    const options::v1::Field& options = FieldOptions(*field);
    if (options.output_only() || (options.not_stored() && options.key_of().empty())) continue;
    FieldRule rule{field, &options, nullptr, KeyOf(message, *field),
                   message.FindFieldByName(options.key_of())};
    const Descriptor* inner = field->message_type();
    // Only messages of this API carry rules; FieldMask and the like have none.
    if (inner != nullptr && inner->file()->package().rfind("clustr.", 0) == 0) {
      rule.inner = std::make_unique<Validator>(*inner);
    }
    rules_.push_back(std::move(rule));
  }
  for (const BoundPair& pair : BoundPairsOf(message)) {
    for (FieldRule& rule : rules_) {
      if (rule.field == pair.lower) rule.upper = pair.upper;
    }
  }
}

Validator::~Validator() = default;

void Validator::CheckField(const Message& message, const Reflection& reflection,
                           const FieldRule& rule, absl::string_view path,
                           std::vector<Violation>* violations) const {
  const FieldDescriptor& field = *rule.field;
  if (field.is_repeated()) return rule.CheckRepeated(message, path, violations);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return rule.CheckMessage(message, path, violations);
  }
  if (!is_model_ && rule.options->required() && rule.IsMissing(message)) {
    return Refuse(path, field, rule.WhyMissing(), violations);
  }
  // In a model both may be given: whether they agree is known only when the key is looked up.
  if (!is_model_ && rule.id != nullptr && IsSet(message, field) && IsSet(message, *rule.id)) {
    return Refuse(path, field,
                  absl::StrCat("names what ", rule.id->name(), " names; give one of the two"),
                  violations);
  }
  Refuse(path, field, rule.WhyNotScalar(message, reflection), violations);
  if (rule.upper == nullptr) return;
  Refuse(path, field, WhyContradictory(message, {rule.field, rule.upper}), violations);
}

void Validator::Check(const Message& message, absl::string_view path,
                      std::vector<Violation>* violations) const {
  const Reflection& reflection = *message.GetReflection();
  for (const FieldRule& rule : rules_) CheckField(message, reflection, rule, path, violations);
}

void Validator::CheckSettings(const Message& message, std::vector<Violation>* violations) const {
  const Reflection& reflection = *message.GetReflection();
  for (const FieldRule& rule : rules_) {
    if (rule.inner == nullptr) CheckField(message, reflection, rule, "", violations);
  }
}

void Validator::CheckRequired(const Message& row, absl::string_view path,
                              std::vector<Violation>* violations,
                              const FieldDescriptor* filled_later) const {
  const Reflection& reflection = *row.GetReflection();
  std::string scratch;
  for (const FieldRule& rule : rules_) {
    const FieldDescriptor& field = *rule.field;
    if (!rule.options->required() || &field == filled_later) continue;
    if (rule.IsMissing(row)) {
      Refuse(path, field, rule.WhyMissing(), violations);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
               IsBlank(reflection.GetStringReference(row, &field, &scratch))) {
      Refuse(path, field, "has nothing but spaces; give a text", violations);
    }
  }
}

std::string JoinPath(absl::string_view path, absl::string_view name) {
  return path.empty() ? std::string(name) : absl::StrCat(path, ".", name);
}

}  // namespace clustr::schema
