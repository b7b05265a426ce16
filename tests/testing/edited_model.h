#ifndef CLUSTR_TESTS_TESTING_EDITED_MODEL_H_
#define CLUSTR_TESTS_TESTING_EDITED_MODEL_H_

#include <functional>
#include <memory>
#include <string>

#include "clustr/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"

namespace clustr::testing {

// A model as it would be after an edit of its .proto file, options included: the model of a later
// version of Clustr that opens a database of this version.
class EditedModel {
 public:
  using Edit = std::function<void(google::protobuf::DescriptorProto* message)>;

  EditedModel(const google::protobuf::Descriptor& model, const Edit& edit);

  const google::protobuf::Descriptor& descriptor() const { return *descriptor_; }

  // Parses a message of the edited model from its text form.
  std::unique_ptr<google::protobuf::Message> Text(const std::string& text) const;

 private:
  google::protobuf::DescriptorPool pool_;
  const google::protobuf::Descriptor* descriptor_;
  mutable google::protobuf::DynamicMessageFactory messages_;
};

// The field of an edited message with this name.
google::protobuf::FieldDescriptorProto* FieldIn(google::protobuf::DescriptorProto* message,
                                                const std::string& name);

// Adds a singular field: `optional` if it has presence.
google::protobuf::FieldDescriptorProto* AddField(google::protobuf::DescriptorProto* message,
                                                 const std::string& name, int number,
                                                 google::protobuf::FieldDescriptorProto::Type type,
                                                 bool optional);

// Removes a field, with or without `reserved` in its place.
void RemoveField(google::protobuf::DescriptorProto* message, const std::string& name, bool reserve);

// The options of a field, for editing.
options::v1::Field* OptionsOf(google::protobuf::FieldDescriptorProto* field);

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_EDITED_MODEL_H_
