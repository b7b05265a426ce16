#ifndef CLUSTR_COMMON_IMPORTING_FIELD_TEXT_H_
#define CLUSTR_COMMON_IMPORTING_FIELD_TEXT_H_

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// A scalar field as text, as CSV cells and flags give it: whole numbers in decimal, money and other
// numbers with a point, `true`, `false`, `1`, `0`, texts as they are. AppendFieldText and
// SetFieldFromText are inverse. Pure and thread-safe.
namespace clustr::importing {

// Sets `field` of `message`, or adds to it if it is repeated. If the text is none of its type,
// changes nothing, returns false and sets `why` to what is wrong and what to give instead:
// `"abc" is not a number; give for example 12.50`.
bool SetFieldFromText(std::string_view text, const google::protobuf::FieldDescriptor& field,
                      google::protobuf::Message* message, std::string* why);

// Appends the value of a singular `field`; nothing if it is unset. Money that is whole cents comes
// with at most two decimals, any other number with as many as bring back the same double.
void AppendFieldText(const google::protobuf::Message& message,
                     const google::protobuf::FieldDescriptor& field, std::string* out);

// Appends an amount of cents: 3250 as `32.5`, 3200 as `32`.
void AppendMoney(int64_t cents, std::string* out);

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_FIELD_TEXT_H_
