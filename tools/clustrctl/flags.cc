#include "tools/clustrctl/flags.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/importing/field_text.h"
#include "common/schema/annotations.h"
#include "tools/clustrctl/nearest_name.h"
#include "tools/clustrctl/print/wrap_text.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

template <class Number>
bool ParseNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

std::string Quoted(std::string_view text) { return absl::StrCat("\"", std::string(text), "\""); }

bool IsFlag(const std::string& argument) {
  return argument.size() > 2 && argument.starts_with("--");
}

// Parses `0.01`, `1%` and `1 %`. The hundredth is taken in the decimals, so that `0.7%` is exactly
// what `0.007` is.
bool ParseShare(std::string_view text, double* share) {
  std::string number(text);
  if (text.ends_with('%')) {
    text.remove_suffix(1);
    number = text.substr(0, text.find_last_not_of(' ') + 1);
    if (number.find_first_of("eE") != std::string::npos) return false;
    number += "e-2";
  }
  return ParseNumber(std::string_view(number), share) && std::isfinite(*share);
}

// Whether the letter may be one of the path of a field, or of a flag.
bool IsOfPath(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '[' ||
         c == ']' || c == '-';
}

// `constraints.categories[2]` as `categories`.
std::string_view LastField(std::string_view path) {
  path = path.substr(path.rfind('.') == std::string_view::npos ? 0 : path.rfind('.') + 1);
  return path.substr(0, path.find('['));
}

}  // namespace

void FlagSet::Add(std::string name, std::string placeholder, std::string help, Setter set) {
  flags_.push_back({std::move(name), std::move(placeholder), std::move(help), std::move(set)});
}

void FlagSet::AddRepeatable(std::string name, std::string placeholder, std::string help,
                            Setter set) {
  Add(std::move(name), std::move(placeholder), std::move(help), std::move(set));
  flags_.back().repeatable = true;
}

void FlagSet::Text(std::string name, std::string placeholder, std::string help, std::string* target,
                   std::string field) {
  Add(std::move(name), std::move(placeholder), std::move(help), [target](std::string_view value) {
    *target = value;
    return std::string();
  });
  flags_.back().field = std::move(field);
}

void FlagSet::Int64(std::string name, std::string help, int64_t* target) {
  Add(std::move(name), "N", std::move(help), [target](std::string_view value) {
    if (ParseNumber(value, target)) return std::string();
    return Quoted(value) + " is not a whole number; give for example 42";
  });
}

void FlagSet::Double(std::string name, std::string help, double* target) {
  Add(std::move(name), "X", std::move(help), [target](std::string_view value) {
    if (ParseNumber(value, target) && std::isfinite(*target)) return std::string();
    return Quoted(value) + " is not a number; give for example 2.5";
  });
}

void FlagSet::Switch(std::string name, std::string help, bool* target) {
  Add(std::move(name), "", std::move(help), [target](std::string_view) {
    *target = true;
    return std::string();
  });
  flags_.back().value = Value::kNone;
}

void FlagSet::OptionalValue(std::string name, std::string placeholder, std::string help,
                            Setter set) {
  Add(std::move(name), std::move(placeholder), std::move(help), std::move(set));
  flags_.back().value = Value::kOptional;
}

void FlagSet::Field(std::string name, google::protobuf::Message* message, std::string_view field,
                    std::string help) {
  using google::protobuf::FieldDescriptor;
  const FieldDescriptor* descriptor = message->GetDescriptor()->FindFieldByName(std::string(field));
  const bool is_bool = descriptor->cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
  const bool is_text = descriptor->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  const bool is_real = descriptor->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE;
  const bool is_row = schema::KeyOf(*message->GetDescriptor(), *descriptor) != nullptr;
  Add(std::move(name),
      is_bool   ? "true|false"
      : is_text ? "TEXT"
      : is_real ? "X"
      : is_row  ? "ID"
                : "N",
      std::move(help), [message, descriptor, is_row](std::string_view value) {
        if (is_row) return SetRowName(value, *descriptor, message);
        std::string why;
        importing::SetFieldFromText(value.data() == nullptr ? "true" : value, *descriptor, message,
                                    &why);
        return why;
      });
  if (is_bool) flags_.back().value = Value::kOptional;
  flags_.back().repeatable = descriptor->is_repeated();
  flags_.back().field = descriptor->name();
}

void FlagSet::Share(std::string name, google::protobuf::Message* message, std::string_view field,
                    std::string help) {
  const google::protobuf::FieldDescriptor* descriptor =
      message->GetDescriptor()->FindFieldByName(std::string(field));
  Add(std::move(name), "SHARE", std::move(help), [message, descriptor](std::string_view value) {
    double share = 0;
    if (!ParseShare(value, &share)) {
      return Quoted(value) + " is not a share; give for example 0.01 or 1%";
    }
    message->GetReflection()->SetDouble(message, descriptor, share);
    return std::string();
  });
  flags_.back().field = descriptor->name();
}

void FlagSet::Append(FlagSet other) {
  for (Flag& flag : other.flags_) flags_.push_back(std::move(flag));
}

FlagSet::Flag* FlagSet::Find(std::string_view name) {
  const auto flag =
      std::find_if(flags_.begin(), flags_.end(), [name](const Flag& f) { return f.name == name; });
  return flag == flags_.end() ? nullptr : &*flag;
}

// Parses the flag at arguments[*next] and advances *next past it and its value.
absl::Status FlagSet::ParseFlag(const std::vector<std::string>& arguments, size_t* next) {
  const std::string_view argument = std::string_view(arguments[(*next)++]).substr(2);
  const size_t equals = argument.find('=');
  const bool has_value = equals != std::string_view::npos;
  const std::string name = "--" + std::string(argument.substr(0, equals));
  Flag* flag = Find(argument.substr(0, equals));
  if (flag == nullptr) {
    std::vector<std::string> names;
    for (const Flag& known : flags_) names.push_back("--" + known.name);
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is unknown; --help lists the flags", DidYouMean(name, names)));
  }
  if (flag->given && !flag->repeatable) {
    return absl::InvalidArgumentError(name + " is given twice; give it once");
  }
  flag->given = true;
  std::string_view value;
  if (has_value) {
    if (flag->value == Value::kNone) {
      return absl::InvalidArgumentError(name + " takes no value; give it alone");
    }
    value = argument.substr(equals + 1);
  } else if (flag->value == Value::kRequired) {
    if (*next == arguments.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, " needs a value; give ", name, "=", flag->placeholder));
    }
    value = arguments[(*next)++];
  }
  const std::string problem = flag->set(value);
  if (problem.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(name, ": ", problem));
}

absl::StatusOr<std::vector<std::string>> FlagSet::Parse(const std::vector<std::string>& arguments) {
  std::vector<std::string> others;
  size_t next = 0;
  while (next < arguments.size()) {
    if (arguments[next] == "--") {
      others.insert(others.end(), arguments.begin() + next + 1, arguments.end());
      break;
    }
    if (IsFlag(arguments[next])) {
      CLUSTR_RETURN_IF_ERROR(ParseFlag(arguments, &next));
    } else {
      others.push_back(arguments[next++]);
    }
  }
  return others;
}

absl::StatusOr<std::vector<std::string>> FlagSet::ParseLeading(
    const std::vector<std::string>& arguments) {
  size_t next = 0;
  while (next < arguments.size() && IsFlag(arguments[next])) {
    CLUSTR_RETURN_IF_ERROR(ParseFlag(arguments, &next));
  }
  return std::vector<std::string>(arguments.begin() + next, arguments.end());
}

std::string FlagSet::WithFlagNames(std::string_view text) const {
  std::string told;
  bool quoted = false;
  size_t next = 0;
  while (next < text.size()) {
    if (quoted || !IsOfPath(text[next])) {
      quoted = quoted != (text[next] == '"');
      told.push_back(text[next++]);
      continue;
    }
    size_t end = next;
    while (end < text.size() && IsOfPath(text[end])) ++end;
    while (text[end - 1] == '.' && end - 1 > next) --end;  // The end of a sentence.
    const std::string_view path = text.substr(next, end - next);
    const std::string_view field = LastField(path);
    // A row, not a field of the request: `no product with external_id "mug"`.
    const bool names_row = text.substr(0, next).ends_with("with ");
    const bool is_field = (path.find_first_of("._[") != std::string_view::npos && !names_row) ||
                          (end < text.size() && text[end] == ':');
    const auto flag = std::find_if(flags_.begin(), flags_.end(), [&](const Flag& flag) {
      return is_field && !field.empty() && flag.field == field;
    });
    told += flag == flags_.end() ? std::string(path) : "--" + flag->name;
    next = end;
  }
  return told;
}

std::string FlagSet::Help(size_t width) const {
  std::vector<std::string> names;
  size_t longest = 0;
  for (const Flag& flag : flags_) {
    std::string name = "  --" + flag.name;
    if (flag.value == Value::kRequired) absl::StrAppend(&name, "=", flag.placeholder);
    if (flag.value == Value::kOptional) absl::StrAppend(&name, "[=", flag.placeholder, "]");
    longest = std::max(longest, name.size());
    names.push_back(std::move(name));
  }
  // In a narrow terminal, long names have a line of their own.
  const size_t indent = width == 0 ? longest + 2 : std::min(longest + 2, width / 3);
  std::string help;
  for (size_t i = 0; i < flags_.size(); ++i) {
    const bool alone = names[i].size() + 2 > indent;
    absl::StrAppend(
        &help, names[i],
        alone ? "\n" + std::string(indent, ' ') : std::string(indent - names[i].size(), ' '));
    const std::string text = flags_[i].help + (flags_[i].repeatable ? " (repeatable)" : "");
    absl::StrAppend(&help, WrapText(text, indent, width), "\n");
  }
  return help;
}

absl::StatusOr<int64_t> ParseInteger(std::string_view what, std::string_view text,
                                     int64_t min_value) {
  int64_t value = 0;
  if (ParseNumber(text, &value) && value >= min_value) return value;
  return absl::InvalidArgumentError(absl::StrCat(std::string(what), ": ", Quoted(text),
                                                 " is not a whole number of at least ", min_value,
                                                 "; give for example ", min_value + 41));
}

}  // namespace clustr::ctl
