#ifndef CLUSTR_COMMON_SCHEMA_UPDATE_H_
#define CLUSTR_COMMON_SCHEMA_UPDATE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/field.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace clustr::schema {

// The changes that a write makes to a stored row, derived once from the model and an update mask.
// Immutable: thread-safe. Points into the descriptor, which must outlive it.
class RowUpdate {
 public:
  enum class Kind {
    kUpdate,  // A masked field that a row leaves unset is cleared. Fields that only imports may
              // give are treated as output-only fields.
    kImport,  // The same, but fields that the server fills on create keep the stored value if the
              // row leaves them unset.
  };

  // Reads `mask`. An empty mask selects the fields that each row sets; `*` selects all fields that
  // can be given. Appends a violation, under `mask_path`, for each path that is unknown or names
  // the id or an output-only field; this must not be used then.
  RowUpdate(const google::protobuf::Descriptor& message, const google::protobuf::FieldMask& mask,
            absl::string_view mask_path, Kind kind, std::vector<Violation>* violations);

  // Copies the selected fields of `given` into `stored`; id, revision and output-only fields of
  // `stored` stay. Both must have passed the Validator. Appends a violation, with `path` before the
  // field's name, for each immutable field whose value would change, and keeps its stored value.
  void Apply(const google::protobuf::Message& given, absl::string_view path,
             google::protobuf::Message* stored, std::vector<Violation>* violations) const;

  // Returns a copy of `given` with only the fields that Apply would copy from it.
  std::unique_ptr<google::protobuf::Message> Taken(const google::protobuf::Message& given) const;

  // True if the caller gives this field: the mask names it itself, or is empty, or is `*`. A mask
  // that names the key of a reference (option key_of) selects the column of its id.
  bool Gives(const google::protobuf::FieldDescriptor& field) const {
    return gives_all_ || named_.contains(field.name());
  }

  // True if the mask selects this field, so that Apply takes it from a row even if it is unset
  // there (see kImport for the exception).
  bool Names(const google::protobuf::FieldDescriptor& field) const;

 private:
  struct Target {
    Column column;
    bool masked;
    bool keeps_if_unset;
    bool immutable;
  };
  std::vector<Target> targets_;
  bool gives_all_;
  absl::flat_hash_set<std::string> named_;  // The fields that the mask names.
};

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_UPDATE_H_
