#ifndef CLUSTR_COMMON_SCHEMA_ANNOTATIONS_H_
#define CLUSTR_COMMON_SCHEMA_ANNOTATIONS_H_

#include <string>
#include <vector>

#include "clustr/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"

// The only reader of the custom options, which describe a model beyond its wire format. All
// functions are pure and thread-safe. Returned pointers and references point into the descriptors
// and live as long as those do.
namespace clustr::schema {

// Options of a field; the default instance if it has none. O(1), no allocation.
const options::v1::Field& FieldOptions(const google::protobuf::FieldDescriptor& field);

// Options of a stored message; nullptr if the message is not stored.
const options::v1::Table* TableOptions(const google::protobuf::Descriptor& message);

// The int64 field that identifies a row; nullptr if the message is not stored or its rows have no
// identity of their own.
const google::protobuf::FieldDescriptor* IdField(const google::protobuf::Descriptor& message);

// The field `revision`, which the server sets on each change of a row; nullptr if there is none.
const google::protobuf::FieldDescriptor* RevisionField(const google::protobuf::Descriptor& message);

// Fields that have a column, ordered by number. Like the two functions below, this sorts and
// allocates: call it once per table, not per row.
std::vector<const google::protobuf::FieldDescriptor*> StoredFields(
    const google::protobuf::Descriptor& message);

// Stored fields that can be given on input, ordered by number: the columns of an exported CSV file.
std::vector<const google::protobuf::FieldDescriptor*> InputFields(
    const google::protobuf::Descriptor& message);

// Unique text fields, ordered by number. The value of such a field identifies a row that is given
// without an id.
std::vector<const google::protobuf::FieldDescriptor*> KeyFields(
    const google::protobuf::Descriptor& message);

// The field of `message` that names the same row, or rows, as its field `id` by a key (option
// key_of); nullptr if there is none. O(fields): call it once per type.
const google::protobuf::FieldDescriptor* KeyOf(const google::protobuf::Descriptor& message,
                                               const google::protobuf::FieldDescriptor& id);

// A field of a model that names another row by its id, and the one that names it by its key.
struct ReferenceKey {
  const google::protobuf::FieldDescriptor* id;
  const google::protobuf::FieldDescriptor* key;
};
// All of a model, ordered by the number of the key.
std::vector<ReferenceKey> ReferenceKeys(const google::protobuf::Descriptor& message);

// The fields that a row of an import can give: InputFields, then the keys of ReferenceKeys.
std::vector<const google::protobuf::FieldDescriptor*> ImportFields(
    const google::protobuf::Descriptor& message);

// Name of a field's column: the name of the field, followed by `_cents` if it holds money.
std::string ColumnName(const google::protobuf::FieldDescriptor& field);

// The resource in lower case, for messages to users: `product` for PRODUCT. Empty if the message is
// not stored.
std::string ResourceWord(const google::protobuf::Descriptor& message);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_ANNOTATIONS_H_
