#include "common/storage/personal.h"

#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "common/schema/annotations.h"
#include "common/storage/table.h"

namespace clustr::storage {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

bool FindPersonal(const Descriptor& message, absl::flat_hash_set<const Descriptor*>* visited) {
  if (!visited->insert(&message).second) return false;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (schema::FieldOptions(field).personal()) return true;
    if (field.message_type() != nullptr && FindPersonal(*field.message_type(), visited))
      return true;
  }
  return false;
}

std::vector<const FieldDescriptor*> PersonalFields(const Descriptor& message) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < message.field_count(); ++i) {
    if (schema::FieldOptions(*message.field(i)).personal()) fields.push_back(message.field(i));
  }
  return fields;
}

// Calls `visit` with the message and with each message in it that may hold a personal field.
void ForEach(Message* message, absl::FunctionRef<void(Message*)> visit) {
  visit(message);
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr || !MayHoldPersonal(*field->message_type())) continue;
    if (!field->is_repeated()) {
      ForEach(reflection.MutableMessage(message, field), visit);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
      ForEach(reflection.MutableRepeatedMessage(message, field, i), visit);
    }
  }
}

}  // namespace

bool MayHoldPersonal(const Descriptor& message) {
  static absl::Mutex mutex;
  static auto* known = new absl::flat_hash_map<const Descriptor*, bool>;
  absl::MutexLock lock(&mutex);
  const auto [it, is_new] = known->try_emplace(&message, false);
  if (is_new) {
    absl::flat_hash_set<const Descriptor*> visited;
    it->second = FindPersonal(message, &visited);
  }
  return it->second;
}

void ClearPersonal(Message* message) {
  ForEach(message, [](Message* part) {
    for (const FieldDescriptor* field : PersonalFields(*part->GetDescriptor())) {
      part->GetReflection()->ClearField(part, field);
    }
  });
}

void FillPersonal(Session& session, Message* message) {
  if (!MayHoldPersonal(*message->GetDescriptor())) return;
  ForEach(message, [&](Message* part) {
    const Descriptor& model = *part->GetDescriptor();
    const FieldDescriptor* id = schema::IdField(model);
    if (id == nullptr) return;
    const std::unique_ptr<Message> row(part->New());
    const google::protobuf::Reflection& reflection = *part->GetReflection();
    if (!Table(model).Get(session, reflection.GetInt64(*part, id), row.get())) return;
    reflection.SwapFields(part, row.get(), PersonalFields(model));
  });
}

}  // namespace clustr::storage
