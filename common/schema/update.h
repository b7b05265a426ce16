#ifndef CLUSTR_COMMON_SCHEMA_UPDATE_H_
#define CLUSTR_COMMON_SCHEMA_UPDATE_H_

#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/field.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace clustr::schema {

// What a write does to a stored row, read once from a mask. Immutable: thread-safe.
class RowUpdate {
 public:
  enum class Kind {
    kUpdate,  // A mask may clear any field that is not required; fields that only imports give are
              // as output fields.
    kImport,  // Fields that the server fills on create keep what is stored where the row leaves
              // them unset.
  };

  // Appends violations for paths that are unknown, or name the id or an output field. An empty mask
  // stands for the fields that a row sets; `*` for all that can be given.
  RowUpdate(const google::protobuf::Descriptor& message, const google::protobuf::FieldMask& mask,
            absl::string_view mask_path, Kind kind, std::vector<Violation>* violations);

  // Brings `given` into `stored`, both valid in their values; id, revision and output fields of
  // `stored` stay. Appends a violation, under `path`, for a field that never changes.
  void Apply(const google::protobuf::Message& given, absl::string_view path,
             google::protobuf::Message* stored, std::vector<Violation>* violations) const;

  // `given` without the fields that Apply would not take from it.
  std::unique_ptr<google::protobuf::Message> Taken(const google::protobuf::Message& given) const;

  // True if Apply takes this field from a row even where the row leaves it unset.
  bool Names(const google::protobuf::FieldDescriptor& field) const;

 private:
  struct Target {
    Column column;
    bool masked;
    bool keeps_if_unset;
    bool immutable;
  };
  std::vector<Target> targets_;
};

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_UPDATE_H_
