#include "common/schema/refused_field.h"

#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/errors.h"
#include "common/schema/annotations.h"
#include "common/schema/bound_pairs.h"
#include "common/schema/money.h"
#include "common/schema/text.h"
#include "common/schema/value_rules.h"

namespace clustr::schema {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

// A field of a request, or one entry of a repeated field.
struct Place {
  const Message* owner = nullptr;
  const FieldDescriptor* field = nullptr;
  int index = -1;  // Of the entry; -1 for the whole field.
  bool personal = false;
};

// Goes one step down: `sales[2]` below `place`. False if there is no such field or entry.
bool Descend(absl::string_view step, Place* place) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(step, '[');
  const Message& owner = *place->owner;
  place->field = owner.GetDescriptor()->FindFieldByName(std::string(parts.first));
  if (place->field == nullptr) return false;
  place->personal = place->personal || FieldOptions(*place->field).personal();
  place->index = -1;
  if (parts.second.empty()) return true;
  return place->field->is_repeated() &&
         absl::SimpleAtoi(absl::StripSuffix(parts.second, "]"), &place->index) &&
         place->index >= 0 && place->index < owner.GetReflection()->FieldSize(owner, place->field);
}

// The message at `place`, to go on below it; nullptr if there is none.
const Message* Below(const Place& place) {
  const Reflection& reflection = *place.owner->GetReflection();
  if (place.field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return nullptr;
  if (place.field->is_repeated()) {
    return place.index < 0 ? nullptr
                           : &reflection.GetRepeatedMessage(*place.owner, place.field, place.index);
  }
  return &reflection.GetMessage(*place.owner, place.field);
}

std::optional<Place> Find(absl::string_view path, const Message& request) {
  Place place{&request};
  for (const absl::string_view step : absl::StrSplit(path, '.')) {
    if (place.field != nullptr) place.owner = Below(place);
    if (place.owner == nullptr || !Descend(step, &place)) return std::nullopt;
  }
  return place;
}

std::string Shortest(double value) {
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof(text), value).ptr);
}

std::optional<int64_t> IntegerAt(const Place& place) {
  const Reflection& reflection = *place.owner->GetReflection();
  const bool entry = place.index >= 0;
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return entry ? reflection.GetRepeatedInt64(*place.owner, place.field, place.index)
                   : reflection.GetInt64(*place.owner, place.field);
    case FieldDescriptor::CPPTYPE_INT32:
      return entry ? reflection.GetRepeatedInt32(*place.owner, place.field, place.index)
                   : reflection.GetInt32(*place.owner, place.field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return entry ? reflection.GetRepeatedEnumValue(*place.owner, place.field, place.index)
                   : reflection.GetEnumValue(*place.owner, place.field);
    default:
      return std::nullopt;
  }
}

std::optional<std::string> TextAt(const Place& place) {
  if (place.field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return std::nullopt;
  const Reflection& reflection = *place.owner->GetReflection();
  return place.index >= 0 ? reflection.GetRepeatedString(*place.owner, place.field, place.index)
                          : reflection.GetString(*place.owner, place.field);
}

// True for an entry, and for a field of one value that is set.
bool HasValue(const Place& place) {
  if (place.field->is_repeated()) return place.index >= 0;
  return place.owner->GetReflection()->HasField(*place.owner, place.field);
}

// The value of a scalar that is set, as text.
std::optional<std::string> ValueAt(const Place& place) {
  const Reflection& reflection = *place.owner->GetReflection();
  if (!HasValue(place)) return std::nullopt;
  if (const auto text = TextAt(place)) return Shortened(*text);
  if (const auto number = IntegerAt(place)) return absl::StrCat(*number);
  if (place.field->is_repeated()) return std::nullopt;
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Shortest(reflection.GetDouble(*place.owner, place.field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(*place.owner, place.field) ? "true" : "false";
    default:
      return std::nullopt;
  }
}

// The bound that a number, a length or a count is beyond.
std::optional<int64_t> Exceeded(int64_t number, std::optional<int64_t> min,
                                std::optional<int64_t> max) {
  if (min.has_value() && number < *min) return min;
  if (max.has_value() && number > *max) return max;
  return std::nullopt;
}

std::optional<int64_t> LimitAt(const Place& place) {
  const options::v1::Field& options = FieldOptions(*place.field);
  const auto if_given = [](bool given, int64_t bound) {
    return given ? std::optional<int64_t>(bound) : std::nullopt;
  };
  if (place.field->is_repeated() && place.index < 0) {
    return Exceeded(place.owner->GetReflection()->FieldSize(*place.owner, place.field),
                    options.min_items(), if_given(options.has_max_items(), options.max_items()));
  }
  if (!HasValue(place)) return std::nullopt;
  if (const auto text = TextAt(place)) {
    if (options.meaning() != options::v1::MEANING_UNSPECIFIED) return std::nullopt;
    return Exceeded(static_cast<int64_t>(CodePoints(*text)), std::nullopt, MaxLength(options));
  }
  if (options.meaning() == options::v1::MEANING_MONEY) {
    const double amount = place.owner->GetReflection()->GetDouble(*place.owner, place.field);
    if (amount < 0) return 0;
    return amount >= kMoneyLimitCents / 100 ? std::optional<int64_t>(kMoneyLimitCents / 100)
                                            : std::nullopt;
  }
  const auto number = IntegerAt(place);
  if (!number.has_value()) return std::nullopt;
  if (options.meaning() == options::v1::MEANING_ID) return Exceeded(*number, 1, kMaxId);
  return Exceeded(*number, if_given(options.has_min(), options.min()),
                  if_given(options.has_max(), options.max()));
}

// The upper bound that a lower one is above.
std::optional<std::string> UpperAt(const Place& place) {
  for (const BoundPair& pair : BoundPairsOf(*place.owner->GetDescriptor())) {
    if (pair.lower != place.field || WhyContradictory(*place.owner, pair).empty()) continue;
    return ValueAt({place.owner, pair.upper});
  }
  return std::nullopt;
}

}  // namespace

absl::Status WithFacts(absl::Status status, const Message& request) {
  if (status.ok()) return status;
  const ErrorReason reason = ReasonOf(status);
  std::optional<Place> place;
  for (const auto& [name, value] : MetadataOf(status)) {
    if (name == "field") place = Find(value, request);
  }
  if (!place.has_value()) return status;
  ErrorMetadata facts;
  if (HasMetadata(reason, "value") && !place->personal) {
    if (auto value = ValueAt(*place)) facts.emplace_back("value", *std::move(value));
  }
  if (HasMetadata(reason, "limit")) {
    if (const auto limit = LimitAt(*place)) {
      facts.emplace_back("limit", absl::StrCat(*limit));
    } else if (auto upper = UpperAt(*place)) {
      facts.emplace_back("limit", *std::move(upper));
    }
  }
  return WithMetadata(std::move(status), facts);
}

}  // namespace clustr::schema
