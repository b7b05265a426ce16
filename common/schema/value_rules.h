#ifndef CLUSTR_COMMON_SCHEMA_VALUE_RULES_H_
#define CLUSTR_COMMON_SCHEMA_VALUE_RULES_H_

#include <cstdint>
#include <string>

#include "clustr/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"

// The rules that a single value must keep. The functions named WhyNot return why a value is
// refused, with the remedy (`-1 is below 1; give at least 1`), or an empty string if it is
// accepted. Pure and thread-safe; `options` are those of the field that holds the value.
namespace clustr::schema {

// The greatest identifier of a row, 2^53 - 1: the greatest that a double also represents exactly.
inline constexpr int64_t kMaxId = (int64_t{1} << 53) - 1;

// The greatest identifier that a caller may give to a new row. The 2^40 above are left for rows
// that the server numbers, because it continues after the greatest id that was given.
inline constexpr int64_t kMaxGivenId = kMaxId - (int64_t{1} << 40);

// Checks `min` and `max`, and 1 to kMaxId for an identifier.
std::string WhyNotInteger(int64_t value, const options::v1::Field& options);

// Checks the format that the field's meaning asks for (date, request id), otherwise the length, 256
// code points unless `max_length` is set, and the characters (see WhyNotText). An empty text counts
// as unset and is accepted, except as a date or a unique value in a field with presence.
std::string WhyNotString(const std::string& text, const google::protobuf::FieldDescriptor& field,
                         const options::v1::Field& options);

// The greatest length of a text in code points: `max_length`, or 256.
int64_t MaxLength(const options::v1::Field& options);

// Refuses a number that names no value of the enum. The zero value is accepted.
std::string WhyNotEnum(int value, const google::protobuf::EnumDescriptor& type);

// The refusal of a required singular scalar field that is not set.
std::string WhyMissing(const google::protobuf::FieldDescriptor& field,
                       const options::v1::Field& options);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_VALUE_RULES_H_
