#include "common/importing/field_text.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/importing/utf8.h"
#include "common/schema/annotations.h"

namespace clustr::importing {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

constexpr size_t kQuotedCodePoints = 40;
// Below this amount, adjacent doubles are much closer than one cent.
constexpr double kMaxExactMoney = 1e12;

bool Refuse(std::string_view text, const char* problem, std::string* why) {
  if (!IsUtf8(text)) {
    *why = "is not UTF-8; save the file in that encoding";
    return false;
  }
  const std::string_view shown = FirstCodePoints(text, kQuotedCodePoints);
  *why = absl::StrCat("\"", std::string(shown), shown.size() < text.size() ? "..." : "", "\" ",
                      problem);
  return false;
}

template <class Number>
std::errc ParseNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  if (error == std::errc() && end != text.data() + text.size()) return std::errc::invalid_argument;
  return error;
}

template <class Integer>
bool ParseInteger(std::string_view text, Integer* number, std::string* why) {
  const std::errc error = ParseNumber(text, number);
  if (error == std::errc()) return true;
  return Refuse(text,
                error == std::errc::result_out_of_range
                    ? (sizeof(Integer) == 4 ? "is out of range; give at most 2147483647"
                                            : "is out of range; give at most 9007199254740991")
                    : "is not a whole number; give for example 42",
                why);
}

bool ParseBool(std::string_view text, bool* value, std::string* why) {
  *value = text == "true" || text == "1";
  if (*value || text == "false" || text == "0") return true;
  return Refuse(text, "is neither true nor false; give true, false, 1 or 0", why);
}

template <class Number>
void AppendNumber(Number number, std::string* out) {
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), number);
  out->append(digits, end);
}

void AppendDouble(double value, bool money, std::string* out) {
  if (money && std::abs(value) < kMaxExactMoney) {
    const int64_t cents = std::llround(value * 100);
    if (static_cast<double>(cents) / 100 == value) return AppendMoney(cents, out);
  }
  AppendNumber(value, out);
}

}  // namespace

bool SetFieldFromText(std::string_view text, const FieldDescriptor& field, Message* message,
                      std::string* why) {
  const Reflection& reflection = *message->GetReflection();
  const bool add = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64: {
      int64_t value = 0;
      if (!ParseInteger(text, &value, why)) return false;
      add ? reflection.AddInt64(message, &field, value)
          : reflection.SetInt64(message, &field, value);
      return true;
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      int32_t value = 0;
      if (!ParseInteger(text, &value, why)) return false;
      add ? reflection.AddInt32(message, &field, value)
          : reflection.SetInt32(message, &field, value);
      return true;
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      double value = 0;
      if (ParseNumber(text, &value) != std::errc() || !std::isfinite(value)) {
        return Refuse(text, "is not a number; give for example 12.50", why);
      }
      add ? reflection.AddDouble(message, &field, value)
          : reflection.SetDouble(message, &field, value);
      return true;
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      bool value = false;
      if (!ParseBool(text, &value, why)) return false;
      add ? reflection.AddBool(message, &field, value) : reflection.SetBool(message, &field, value);
      return true;
    }
    case FieldDescriptor::CPPTYPE_STRING:
      if (!IsUtf8(text)) return Refuse(text, "", why);
      add ? reflection.AddString(message, &field, std::string(text))
          : reflection.SetString(message, &field, std::string(text));
      return true;
    default:
      return Refuse(text, "cannot be given as text", why);
  }
}

void AppendFieldText(const Message& message, const FieldDescriptor& field, std::string* out) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.HasField(message, &field)) return;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return AppendNumber(reflection.GetInt64(message, &field), out);
    case FieldDescriptor::CPPTYPE_INT32:
      return AppendNumber(reflection.GetInt32(message, &field), out);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return AppendDouble(reflection.GetDouble(message, &field),
                          schema::FieldOptions(field).meaning() == options::v1::MEANING_MONEY, out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out->append(reflection.GetBool(message, &field) ? "true" : "false");
      return;
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string unused;
      out->append(reflection.GetStringReference(message, &field, &unused));
      return;
    }
    default:
      return;
  }
}

void AppendMoney(int64_t cents, std::string* out) {
  if (cents < 0) out->push_back('-');
  const uint64_t amount = cents < 0 ? -static_cast<uint64_t>(cents) : static_cast<uint64_t>(cents);
  AppendNumber(amount / 100, out);
  const int fraction = static_cast<int>(amount % 100);
  if (fraction == 0) return;
  out->push_back('.');
  out->push_back(static_cast<char>('0' + fraction / 10));
  if (fraction % 10 != 0) out->push_back(static_cast<char>('0' + fraction % 10));
}

}  // namespace clustr::importing
