#ifndef CLUSTR_TOOLS_SCHEMA_DUMP_MODELS_H_
#define CLUSTR_TOOLS_SCHEMA_DUMP_MODELS_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// What there is to tell of models: read from descriptors, nothing known by name.
namespace clustr::schema_dump {

// Every message of the program that is stored, by full name.
std::vector<const google::protobuf::Descriptor*> StoredModels();

// `optional double`, `repeated int64`, `clustr.bundles.v1.RuleMeasures`.
std::string TypeText(const google::protobuf::FieldDescriptor& field);

// One option and its value as text; the value of a flag that is set is empty.
struct Option {
  std::string name;
  std::string value;
};

// The options that are set, in the order of their numbers.
std::vector<Option> OptionsSet(const google::protobuf::Message& options);

}  // namespace clustr::schema_dump

#endif  // CLUSTR_TOOLS_SCHEMA_DUMP_MODELS_H_
