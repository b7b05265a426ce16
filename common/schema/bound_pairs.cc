#include "common/schema/bound_pairs.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/annotations.h"
#include "common/schema/date.h"
#include "common/schema/field.h"
#include "common/schema/money.h"

namespace clustr::schema {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

constexpr std::array<std::pair<absl::string_view, absl::string_view>, 2> kPrefixes = {
    {{"min_", "max_"}, {"start_", "end_"}}};

bool IsNumberOrDate(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return true;
    default:
      return FieldOptions(field).meaning() == options::v1::MEANING_DATE;
  }
}

// The upper bound that belongs to `lower`; null if there is none.
const FieldDescriptor* UpperOf(const FieldDescriptor& lower) {
  for (const auto& [from, to] : kPrefixes) {
    const std::string& name = lower.name();
    if (!absl::StartsWith(name, from)) continue;
    const FieldDescriptor* upper =
        lower.containing_type()->FindFieldByName(absl::StrCat(to, name.substr(from.size())));
    if (upper != nullptr && !upper->is_repeated() && upper->cpp_type() == lower.cpp_type()) {
      return upper;
    }
  }
  return nullptr;
}

// A bound as a number that compares like it, and as text.
struct Bound {
  double number;
  std::string text;
};

// Unset if the date or the amount is invalid by itself.
std::optional<Bound> BoundOf(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      const int32_t value = reflection.GetInt32(message, &field);
      return Bound{static_cast<double>(value), absl::StrCat(value)};
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      const int64_t value = reflection.GetInt64(message, &field);
      return Bound{static_cast<double>(value), absl::StrCat(value)};
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const double value = reflection.GetDouble(message, &field);
      if (FieldOptions(field).meaning() != options::v1::MEANING_MONEY) {
        return Bound{value, absl::StrFormat("%.15g", value)};
      }
      const std::optional<int64_t> cents = CentsOf(value);
      if (!cents) return std::nullopt;
      return Bound{static_cast<double>(*cents), absl::StrFormat("%.2f", AmountOf(*cents))};
    }
    default: {
      const std::string date = reflection.GetString(message, &field);
      if (!ParseDate(date)) return std::nullopt;
      return Bound{static_cast<double>(EpochDayOf(date)), Quoted(date)};
    }
  }
}

}  // namespace

std::vector<BoundPair> BoundPairsOf(const Descriptor& message) {
  std::vector<BoundPair> pairs;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& lower = *message.field(i);
    if (lower.is_repeated() || !IsNumberOrDate(lower)) continue;
    if (const FieldDescriptor* upper = UpperOf(lower)) pairs.push_back({&lower, upper});
  }
  return pairs;
}

std::string WhyContradictory(const Message& message, const BoundPair& pair) {
  if (!IsSet(message, *pair.lower) || !IsSet(message, *pair.upper)) return "";
  const std::optional<Bound> lower = BoundOf(message, *pair.lower);
  const std::optional<Bound> upper = BoundOf(message, *pair.upper);
  if (!lower || !upper || !(lower->number > upper->number)) return "";
  if (pair.lower->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    return absl::StrCat(lower->text, " is after ", pair.upper->name(), " ", upper->text,
                        "; give a day on or before it");
  }
  return absl::StrCat(lower->text, " is above ", pair.upper->name(), ", ", upper->text, "; lower ",
                      pair.lower->name(), " or raise ", pair.upper->name());
}

}  // namespace clustr::schema
