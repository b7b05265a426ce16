#include "tests/fuzz/messages/value_maker.h"

#include <bit>
#include <limits>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/schema/annotations.h"
#include "common/schema/text.h"

namespace clustr::fuzz {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

constexpr int kMaxDepth = 6;
constexpr size_t kMaxRemembered = 64;  // For each field name.
constexpr int64_t kMaxId = (int64_t{1} << 53) - 1;

// Names of all fields of the messages in the file of `type` and in the files that it imports
// directly: the words of filters, orders and masks.
const std::vector<std::string>& FieldNames(const Descriptor& type) {
  static auto* const names =
      new std::map<const google::protobuf::FileDescriptor*, std::vector<std::string>>;
  const auto [it, added] = names->try_emplace(type.file());
  if (!added) return it->second;
  std::set<std::string> found;
  const auto add = [&](const google::protobuf::FileDescriptor& file) {
    for (int i = 0; i < file.message_type_count(); ++i) {
      const Descriptor& message = *file.message_type(i);
      for (int k = 0; k < message.field_count(); ++k) found.insert(message.field(k)->name());
    }
  };
  add(*type.file());
  for (int i = 0; i < type.file()->dependency_count(); ++i) add(*type.file()->dependency(i));
  it->second.assign(found.begin(), found.end());
  return it->second;
}

void Keep(std::vector<std::string>* values, std::string value) {
  if (values->size() < kMaxRemembered) values->push_back(std::move(value));
}

}  // namespace

int64_t ValueMaker::AnyInteger(const Field& field) {
  const auto& options = schema::FieldOptions(field);
  switch (input_.Below(16)) {
    case 13:
      if (const auto known = integers_.find(field.name()); known != integers_.end()) {
        return known->second[input_.Below(known->second.size())];
      }
      return 1;
    case 14: {
      const int64_t edges[] = {options.min(),
                               options.min() - 1,
                               options.max(),
                               options.max() + 1,
                               0,
                               -1,
                               kMaxId,
                               kMaxId + 1,
                               std::numeric_limits<int32_t>::max(),
                               std::numeric_limits<int32_t>::min(),
                               std::numeric_limits<int64_t>::max(),
                               std::numeric_limits<int64_t>::min()};
      return edges[input_.Below(std::size(edges))];
    }
    case 15:
      return static_cast<int64_t>(input_.Word());
    default:
      return options.min() + 1 + static_cast<int64_t>(input_.Below(8));
  }
}

double ValueMaker::AnyReal(const Field& field) {
  switch (input_.Below(8)) {
    case 6:
      return input_.Any<double>({0.0, -0.0, 0.1 + 0.2, 1.005, 1e10, 9999999999.99, -1.0, 1e300,
                                 5e-324, std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::quiet_NaN()});
    case 7:
      return std::bit_cast<double>(input_.Word());
    default:
      return static_cast<double>(input_.Below(256)) / 4;
  }
}

int ValueMaker::AnyEnum(const Field& field) {
  const auto& type = *field.enum_type();
  if (input_.OneIn(16)) return static_cast<int>(input_.Word());
  return type.value(static_cast<int>(input_.Below(static_cast<size_t>(type.value_count()))))
      ->number();
}

std::string ValueMaker::AnyText(const Field& field) {
  const auto& options = schema::FieldOptions(field);
  switch (input_.Below(16)) {
    case 9:
      return schema::ReplaceInvalidUtf8(input_.Bytes(1 + input_.Below(32)));
    case 10:
    case 11:
      if (const auto known = texts_.find(field.name()); known != texts_.end()) {
        return known->second[input_.Below(known->second.size())];
      }
      return "b";
    case 12:
    case 13:
      return AnyExpression(field);
    case 14:
      return input_.Any<std::string>({"", " ", "%", "'", "\"", "\\", "é漢😀", "\x7f", "a\nb",
                                      std::string(1, '\0'), "*", "0001-01-01", "9999-12-31",
                                      "2024-02-30", "NaN", "-1"});
    case 15:
      return std::string(
          static_cast<size_t>(options.has_max_length() ? options.max_length() : 256) +
              input_.Below(2),
          'x');
    default: {
      const size_t choice = input_.Below(4);
      if (options.meaning() == options::v1::MEANING_DATE) return absl::StrCat("2024-02-2", choice);
      return std::string(1, static_cast<char>('a' + choice));
    }
  }
}

std::string ValueMaker::AnyExpression(const Field& field) {
  const std::vector<std::string>& names = FieldNames(*field.containing_type());
  std::string text;
  for (size_t parts = 1 + input_.Below(8); parts > 0; --parts) {
    switch (input_.Below(4)) {
      case 0:
        absl::StrAppend(&text, names[input_.Below(names.size())]);
        break;
      case 1:
        absl::StrAppend(&text,
                        input_.Any<const char*>({" = ", " != ", " < ", ">=", ":", " AND ", " OR ",
                                                 " NOT ", "-", "(", ")", " desc", ",", ".", "*"}));
        break;
      case 2:
        absl::StrAppend(&text, input_.Below(256));
        break;
      default:
        absl::StrAppend(&text, input_.Any<const char*>({"\"a\"", "'b'", "true", "2024-02-29", "1.5",
                                                        "-3", "\"\"", "*", "a", "9e99"}));
    }
  }
  return text;
}

void ValueMaker::Remember(const Message& answer, int depth) {
  if (depth > kMaxDepth) return;
  const Reflection& reflection = *answer.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(answer, &set);
  for (const FieldDescriptor* field : set) {
    if (field->is_map()) continue;
    const std::string name(absl::StripPrefix(field->name(), "next_"));
    const int count = field->is_repeated() ? std::min(reflection.FieldSize(answer, field), 8) : 1;
    for (int i = 0; i < count; ++i) {
      const bool repeated = field->is_repeated();
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        Keep(&texts_[name], repeated ? reflection.GetRepeatedString(answer, field, i)
                                     : reflection.GetString(answer, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
        std::vector<int64_t>& values = integers_[name];
        if (values.size() < kMaxRemembered) {
          values.push_back(repeated ? reflection.GetRepeatedInt64(answer, field, i)
                                    : reflection.GetInt64(answer, field));
        }
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Remember(repeated ? reflection.GetRepeatedMessage(answer, field, i)
                          : reflection.GetMessage(answer, field),
                 depth + 1);
      }
    }
  }
}

}  // namespace clustr::fuzz
