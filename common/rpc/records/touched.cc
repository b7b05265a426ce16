#include "common/rpc/records/touched.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/inlined_vector.h"
#include "absl/container/node_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "common/base/log.h"
#include "common/schema/annotations.h"

namespace clustr::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kMaxIds = 20;

// The fields of a message type that say what a call touched; null where it has none.
struct Outline {
  // A field that holds one row or several.
  struct Rows {
    const FieldDescriptor* field;
    const FieldDescriptor* id;
    const FieldDescriptor* revision;  // Only of a field that holds one.
  };

  const FieldDescriptor* request_id = nullptr;
  const FieldDescriptor* validate_only = nullptr;
  const FieldDescriptor* revision = nullptr;
  std::vector<const FieldDescriptor*> ids;
  std::vector<Rows> rows;
};

// The field of that name and type that holds one value; null if there is none.
const FieldDescriptor* Find(const Descriptor& type, const char* name,
                            FieldDescriptor::CppType value) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  const bool found = field != nullptr && field->cpp_type() == value && !field->is_repeated();
  return found ? field : nullptr;
}

Outline MakeOutline(const Descriptor& type) {
  Outline outline;
  outline.request_id = Find(type, "request_id", FieldDescriptor::CPPTYPE_STRING);
  outline.validate_only = Find(type, "validate_only", FieldDescriptor::CPPTYPE_BOOL);
  outline.revision = Find(type, "revision", FieldDescriptor::CPPTYPE_INT64);
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64 && !field->is_repeated() &&
        schema::FieldOptions(*field).meaning() == options::v1::MEANING_ID) {
      outline.ids.push_back(field);
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    const Descriptor& row = *field->message_type();
    Outline::Rows rows = {field, schema::IdField(row), nullptr};
    if (!field->is_repeated()) {
      rows.revision = Find(row, "revision", FieldDescriptor::CPPTYPE_INT64);
    }
    if (rows.id != nullptr || rows.revision != nullptr) outline.rows.push_back(rows);
  }
  return outline;
}

// Made once for each type: to look up names and options takes longer than to write the line.
const Outline& OutlineOf(const Descriptor& type) {
  static absl::Mutex mutex(absl::kConstInit);
  static auto* const outlines = new absl::node_hash_map<const Descriptor*, Outline>;
  {
    absl::ReaderMutexLock lock(&mutex);
    const auto known = outlines->find(&type);
    if (known != outlines->end()) return known->second;
  }
  Outline outline = MakeOutline(type);
  absl::MutexLock lock(&mutex);
  return outlines->try_emplace(&type, std::move(outline)).first->second;
}

int64_t Get(const Message& message, const FieldDescriptor* field) {
  return field == nullptr ? 0 : message.GetReflection()->GetInt64(message, field);
}

// The ids in a request and its response by the name of their field, and the greatest revision.
struct Touched {
  struct Ids {
    absl::string_view name;
    absl::InlinedVector<int64_t, kMaxIds> values;  // Each once.
  };
  absl::InlinedVector<Ids, 4> ids;
  int64_t revision = 0;

  void Add(absl::string_view name, int64_t id) {
    if (id == 0) return;
    auto of_name = absl::c_find_if(ids, [&](const Ids& known) { return known.name == name; });
    if (of_name == ids.end()) of_name = ids.insert(ids.end(), Ids{name, {}});
    auto& values = of_name->values;
    if (values.size() < kMaxIds && !absl::c_linear_search(values, id)) values.push_back(id);
  }
};

// Adds the ids that a message names at its top, and those of the rows at its top.
void AddMessage(const Message& message, const Outline& outline, Touched* touched) {
  const Reflection& reflection = *message.GetReflection();
  touched->revision = std::max(touched->revision, Get(message, outline.revision));
  for (const FieldDescriptor* id : outline.ids) touched->Add(id->name(), Get(message, id));
  for (const Outline::Rows& rows : outline.rows) {
    if (!rows.field->is_repeated()) {
      const Message& row = reflection.GetMessage(message, rows.field);
      if (rows.id != nullptr) touched->Add(rows.id->name(), Get(row, rows.id));
      touched->revision = std::max(touched->revision, Get(row, rows.revision));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, rows.field); ++i) {
      const Message& row = reflection.GetRepeatedMessage(message, rows.field, i);
      touched->Add(rows.id->name(), Get(row, rows.id));
    }
  }
}

void AppendRequestFacts(const Message& request, const Outline& outline, std::string* line) {
  const Reflection& reflection = *request.GetReflection();
  if (outline.request_id != nullptr) {
    std::string scratch;
    const std::string& id = reflection.GetStringReference(request, outline.request_id, &scratch);
    if (!id.empty()) {
      line->append(",\"request_id\":");
      // An id that breaks the rules of the contract may be longer.
      AppendJson(line, absl::string_view(id).substr(0, 64));
    }
  }
  if (outline.validate_only != nullptr && reflection.GetBool(request, outline.validate_only)) {
    line->append(",\"validate_only\":true");
  }
}

void AppendIds(Touched* touched, std::string* line) {
  if (touched->ids.empty()) return;
  absl::c_sort(touched->ids, [](const auto& a, const auto& b) { return a.name < b.name; });
  absl::string_view before = ",\"ids\":{";
  for (Touched::Ids& ids : touched->ids) {
    absl::c_sort(ids.values);
    absl::StrAppend(line, before, "\"", ids.name, "\":[", absl::StrJoin(ids.values, ","), "]");
    before = ",";
  }
  line->push_back('}');
}

}  // namespace

std::string TouchedBy(const Message* request, const Message* response) {
  std::string line;
  Touched touched;
  if (request != nullptr) {
    const Outline& outline = OutlineOf(*request->GetDescriptor());
    AppendRequestFacts(*request, outline, &line);
    AddMessage(*request, outline, &touched);
    touched.revision = 0;  // A revision in a request is one that the caller knows.
  }
  if (response != nullptr) AddMessage(*response, OutlineOf(*response->GetDescriptor()), &touched);
  AppendIds(&touched, &line);
  if (touched.revision > 0) absl::StrAppend(&line, ",\"revision\":", touched.revision);
  return line;
}

}  // namespace clustr::rpc
