#ifndef CLUSTR_COMMON_SCHEMA_ANNOTATIONS_H_
#define CLUSTR_COMMON_SCHEMA_ANNOTATIONS_H_

#include <string>
#include <vector>

#include "clustr/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"

// The only reader of the custom options: what a model says of itself beyond its wire format. All
// functions are pure and thread-safe; what they return points into descriptors and lives as long as
// those do.
namespace clustr::schema {

// Options of a field; the default instance where it has none. O(1), no allocation.
const options::v1::Field& FieldOptions(const google::protobuf::FieldDescriptor& field);

// Options of a stored message; nullptr for one that is not stored.
const options::v1::Table* TableOptions(const google::protobuf::Descriptor& message);

// Field that identifies a row; nullptr if the message is not stored or its rows have no identity.
const google::protobuf::FieldDescriptor* IdField(const google::protobuf::Descriptor& message);

// The field `revision`, set by the server on each change of a row; nullptr if there is none.
const google::protobuf::FieldDescriptor* RevisionField(const google::protobuf::Descriptor& message);

// Fields that have a column, in the order of their numbers.
std::vector<const google::protobuf::FieldDescriptor*> StoredFields(
    const google::protobuf::Descriptor& message);

// Fields that a CSV file may have a column for, named as the fields, in the order of their numbers:
// all that can be given on input.
std::vector<const google::protobuf::FieldDescriptor*> InputFields(
    const google::protobuf::Descriptor& message);

// Texts that no two rows share where they are set, in the order of their numbers: what a row
// without an id can be known by.
std::vector<const google::protobuf::FieldDescriptor*> KeyFields(
    const google::protobuf::Descriptor& message);

// Name of a field's column: the field's name, with `_cents` behind it for money.
std::string ColumnName(const google::protobuf::FieldDescriptor& field);

// The resource in words, for messages: `product` for PRODUCT. Empty if the message is not stored.
std::string ResourceWord(const google::protobuf::Descriptor& message);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_ANNOTATIONS_H_
