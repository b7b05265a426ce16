#include "common/schema/lists/filter_value.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/schema/annotations.h"
#include "common/schema/date.h"

namespace clustr::schema {

using google::protobuf::FieldDescriptor;

namespace {

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

std::string ReadInteger(absl::string_view text, Comparison* comparison) {
  absl::string_view digits = text;
  absl::ConsumePrefix(&digits, "-");
  if (digits.empty() || !AllDigits(digits)) {
    return absl::StrCat(Quoted(text), " is not a whole number; give one, for example 42");
  }
  int64_t value;
  if (!absl::SimpleAtoi(text, &value)) {
    return absl::StrCat(Quoted(text), " does not fit in 64 bits; give a number from ",
                        std::numeric_limits<int64_t>::min(), " to ",
                        std::numeric_limits<int64_t>::max());
  }
  comparison->value.integer = value;
  return "";
}

// An amount in cents, rounded down; `exact` if rounding cut off nothing.
struct Cents {
  int64_t floor;
  bool exact;
};

Cents CentsOfDigits(bool negative, absl::string_view whole, absl::string_view fraction) {
  // Stored amounts have at most 12 digits in cents, so every larger amount compares with them as
  // this one does.
  constexpr int64_t kBeyondAll = 1'000'000'000'000'000;
  while (absl::ConsumePrefix(&whole, "0")) {
  }
  int64_t cents = 0;
  const bool large = whole.size() > 13;
  const std::string hundredths = absl::StrCat(fraction, "00").substr(0, 2);
  if (large || !absl::SimpleAtoi(absl::StrCat(whole, hundredths), &cents)) cents = kBeyondAll;
  const absl::string_view rest = fraction.substr(std::min<size_t>(2, fraction.size()));
  const bool exact = std::all_of(rest.begin(), rest.end(), [](char c) { return c == '0'; });
  if (!negative) return {cents, exact};
  return {exact ? -cents : -cents - 1, exact};
}

// The operator that compares whole cents with `floor` as `op` compares them with an amount between
// `floor` and the next cent.
FilterOp BetweenCents(FilterOp op) {
  switch (op) {
    case FilterOp::kEqual:
      return FilterOp::kNever;
    case FilterOp::kNotEqual:
      return FilterOp::kIsSet;
    case FilterOp::kLess:
      return FilterOp::kLessEqual;
    case FilterOp::kGreaterEqual:
      return FilterOp::kGreater;
    default:
      return op;
  }
}

std::string ReadMoney(absl::string_view text, Comparison* comparison) {
  absl::string_view digits = text;
  const bool negative = absl::ConsumePrefix(&digits, "-");
  const size_t point = std::min(digits.find('.'), digits.size());
  const absl::string_view whole = digits.substr(0, point);
  const absl::string_view fraction = digits.substr(std::min(point + 1, digits.size()));
  if (whole.empty() || (point < digits.size() && fraction.empty()) || !AllDigits(whole) ||
      !AllDigits(fraction)) {
    return absl::StrCat(Quoted(text), " is not an amount; give one, for example 12.50");
  }
  const Cents cents = CentsOfDigits(negative, whole, fraction);
  comparison->value.integer = cents.floor;
  if (!cents.exact) comparison->op = BetweenCents(comparison->op);
  return "";
}

std::string ReadBool(absl::string_view text, Comparison* comparison) {
  if (text != "true" && text != "false") {
    return absl::StrCat(Quoted(text), " is neither true nor false; give one of the two");
  }
  comparison->value.integer = text == "true" ? 1 : 0;
  return "";
}

std::string ReadReal(absl::string_view text, Comparison* comparison) {
  if (!absl::SimpleAtod(text, &comparison->value.real) || !std::isfinite(comparison->value.real)) {
    return absl::StrCat(Quoted(text), " is not a number; give one, for example 0.25");
  }
  return "";
}

}  // namespace

std::string ReadFilterValue(absl::string_view text, Comparison* comparison) {
  const Column& column = comparison->column;
  if (column.type == CellType::kText) {
    const bool date = FieldOptions(*column.field).meaning() == options::v1::MEANING_DATE;
    if (date && comparison->op != FilterOp::kContains && !ParseDate(text).has_value()) {
      return absl::StrCat(Quoted(text), " is not a date that exists; give YYYY-MM-DD");
    }
    comparison->value.text = std::string(text);
    return "";
  }
  if (comparison->op == FilterOp::kContains) comparison->op = FilterOp::kEqual;
  if (column.money) return ReadMoney(text, comparison);
  if (column.type == CellType::kReal) return ReadReal(text, comparison);
  if (column.field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return ReadBool(text, comparison);
  return ReadInteger(text, comparison);
}

}  // namespace clustr::schema
