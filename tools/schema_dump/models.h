#ifndef CLUSTR_TOOLS_SCHEMA_DUMP_MODELS_H_
#define CLUSTR_TOOLS_SCHEMA_DUMP_MODELS_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// What the listings say about models, read from descriptors; no model is known by name.
namespace clustr::schema_dump {

// Every stored message that is linked into the program, sorted by full name.
std::vector<const google::protobuf::Descriptor*> StoredModels();

// The type of a field: `optional double`, `repeated int64`, `clustr.bundles.v1.RuleMeasures`.
std::string TypeText(const google::protobuf::FieldDescriptor& field);

// An option and its value as text. The value of a boolean option is empty.
struct Option {
  std::string name;
  std::string value;
};

// The options that are set, sorted by field number.
std::vector<Option> OptionsSet(const google::protobuf::Message& options);

}  // namespace clustr::schema_dump

#endif  // CLUSTR_TOOLS_SCHEMA_DUMP_MODELS_H_
