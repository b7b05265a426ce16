#ifndef CLUSTR_COMMON_SCHEMA_REFUSED_FIELD_H_
#define CLUSTR_COMMON_SCHEMA_REFUSED_FIELD_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace clustr::schema {

// The error with what `request` and its .proto file say about the field that its metadata name:
// `value`, cut to 40 code points, unless the field is personal data; and `limit`, if the value is
// beyond the smallest or greatest number, the length or the number of entries that the field
// accepts. Adds only metadata that the reason documents, and none that the error already has. Pure.
absl::Status WithFacts(absl::Status status, const google::protobuf::Message& request);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_REFUSED_FIELD_H_
