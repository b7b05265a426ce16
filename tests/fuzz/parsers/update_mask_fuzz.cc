// Update masks: the paths come from the input, and so do the stored and the given row. A path is
// accepted or explained, an update changes nothing that the mask does not name, and a second one
// changes nothing more.

#include <string>
#include <vector>

#include "common/schema/annotations.h"
#include "common/schema/field.h"
#include "common/schema/text.h"
#include "common/schema/update.h"
#include "common/schema/validator.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/messages/message_maker.h"
#include "tests/fuzz/messages/models.h"

namespace clustr::fuzz {
namespace {

using google::protobuf::Message;

google::protobuf::FieldMask AnyMask(Input& input, const google::protobuf::Descriptor& model) {
  google::protobuf::FieldMask mask;
  for (size_t paths = input.Below(4); paths > 0; --paths) {
    const size_t field = input.Below(static_cast<size_t>(model.field_count()) + 2);
    if (field < static_cast<size_t>(model.field_count())) {
      mask.add_paths(model.field(static_cast<int>(field))->name());
    } else {
      mask.add_paths(schema::ReplaceInvalidUtf8(input.Line()));
    }
  }
  return mask;
}

// A row that has passed the validator; null if the input gives none.
std::unique_ptr<Message> AnyRow(MessageMaker& maker, const google::protobuf::Descriptor& model) {
  std::unique_ptr<Message> row = NewMessage(model);
  maker.Fill(row.get());
  std::vector<Violation> violations;
  schema::Validator(model).Check(*row, "", &violations);
  for (const Violation& violation : violations) {
    Check(!violation.description.empty() && schema::IsUtf8(violation.description),
          "a violation is explained", violation.description);
  }
  if (!violations.empty()) row.reset();
  return row;
}

void Run(Input input) {
  const google::protobuf::Descriptor& model = AnyModel(input);
  const auto kind = input.Any({schema::RowUpdate::Kind::kUpdate, schema::RowUpdate::Kind::kImport});
  const google::protobuf::FieldMask mask = AnyMask(input, model);
  std::vector<Violation> violations;
  const schema::RowUpdate update(model, mask, "update_mask", kind, &violations);
  for (const Violation& violation : violations) {
    Check(!violation.description.empty() && schema::IsUtf8(violation.description),
          "a refused path is explained", violation.description);
  }
  if (!violations.empty()) return;
  MessageMaker maker(&input);
  const std::unique_ptr<Message> stored = AnyRow(maker, model);
  const std::unique_ptr<Message> given = AnyRow(maker, model);
  if (stored == nullptr || given == nullptr) return;

  const std::unique_ptr<Message> changed(stored->New());
  changed->CopyFrom(*stored);
  update.Apply(*given, "row", changed.get(), &violations);
  for (const schema::Column& column : schema::ColumnsOf(model)) {
    const bool may_change =
        mask.paths().empty() ? schema::IsSet(*given, *column.field) : update.Names(*column.field);
    if (column.field->is_repeated() || may_change) continue;
    Check(schema::SameField(*stored, *changed, column), "a field that is not named stays",
          column.name);
  }
  const auto* const id = schema::IdField(model);
  Check(schema::GetInt64(*stored, *id) == schema::GetInt64(*changed, *id), "the id stays");
  const std::unique_ptr<Message> again(changed->New());
  again->CopyFrom(*changed);
  violations.clear();
  update.Apply(*given, "row", again.get(), &violations);
  Check(again->SerializeAsString() == changed->SerializeAsString(), "an update is idempotent",
        again->ShortDebugString());
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
