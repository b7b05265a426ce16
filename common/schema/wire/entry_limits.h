#ifndef CLUSTR_COMMON_SCHEMA_WIRE_ENTRY_LIMITS_H_
#define CLUSTR_COMMON_SCHEMA_WIRE_ENTRY_LIMITS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace clustr::schema {

// Entries that a repeated field of a request may have if its options do not say so. No field that
// the server reads needs more.
inline constexpr int kMaxEntries = 10'000;

// Makes a request safe to decode. An empty entry takes two bytes on the wire and some hundred in
// memory, so a message of 4 MB can take a gigabyte; the rules of its fields are checked too late,
// after it was decoded.
//
// Returns nullopt if `wire` is safe to decode as it is: no repeated field of `type`, or of a
// message in it, has more entries than max_items (or kMaxEntries), and it has few fields that
// `type` does not know. Otherwise returns a copy without unknown fields, in which each repeated
// field ends with the first entry that is too many. So the validator refuses it as it would have
// refused the whole, except that it cannot tell how many more there were. What is left out is not
// checked. Bytes that are no encoding of `type` stay such; so become those in which a field that
// holds one message occurs more than a few times, as protobuf would merge them.
//
// O(size of `wire`). Thread-safe.
std::optional<std::string> WithinEntryLimits(const google::protobuf::Descriptor& type,
                                             absl::string_view wire);

// Why a list of more than `max` entries is refused. One more than `max` stands for any number, as
// WithinEntryLimits leaves so many.
std::string TooManyEntries(int64_t size, int64_t max);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_WIRE_ENTRY_LIMITS_H_
