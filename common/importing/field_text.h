#ifndef CLUSTR_COMMON_IMPORTING_FIELD_TEXT_H_
#define CLUSTR_COMMON_IMPORTING_FIELD_TEXT_H_

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// Converts scalar fields to and from text, as in CSV cells and flags: whole numbers in decimal,
// money and other numbers with a decimal point, booleans as `true`, `false`, `1` or `0`, texts
// unchanged. SetFieldFromText restores the value that AppendFieldText wrote. Pure and thread-safe.
namespace clustr::importing {

// Sets `field` of `message`, or appends to it if it is repeated. If the text is not a value of the
// field's type, changes nothing, returns false and sets `why` to the error with its remedy: `"abc"
// is not a number; give for example 12.50`. Checks only the type, not the rules of the field.
bool SetFieldFromText(std::string_view text, const google::protobuf::FieldDescriptor& field,
                      google::protobuf::Message* message, std::string* why);

// Appends the value of a singular `field`; nothing if it is unset. Money that is whole cents gets
// at most two decimals; any other number gets as many digits as restore the same double.
void AppendFieldText(const google::protobuf::Message& message,
                     const google::protobuf::FieldDescriptor& field, std::string* out);

// Appends an amount in cents: 3250 as `32.5`, 3200 as `32`. May be negative.
void AppendMoney(int64_t cents, std::string* out);

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_FIELD_TEXT_H_
