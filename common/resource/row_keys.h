#ifndef CLUSTR_COMMON_RESOURCE_ROW_KEYS_H_
#define CLUSTR_COMMON_RESOURCE_ROW_KEYS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::resource {

// What the shop calls the rows that the rows of one model refer to: the fields with the option
// key_of. They are not stored, so they are set whenever a row is read, and cleared where there is
// no value. Thread-safe.
class RowKeys {
 public:
  virtual ~RowKeys() = default;

  // Sets the keys of rows in the same database, as of the state that the session reads. `previous`
  // is a row of the same answer that is complete, or nullptr; where it refers to the same row,
  // nothing is looked up.
  virtual void FillStored(storage::Session& session, const google::protobuf::Message* previous,
                          google::protobuf::Message* row) const = 0;

  // Sets the keys of rows of another service, from memory.
  virtual void FillKnown(google::protobuf::Message* row) const = 0;

  // Id of the row that this field of the model, which has the option key_of, names by `key`; 0 if
  // there is none. At most one look-up in an index. UNAVAILABLE, reason UPSTREAM, as long as
  // another service that knows was never read.
  virtual absl::StatusOr<int64_t> Find(storage::Session& session,
                                       const google::protobuf::FieldDescriptor& field,
                                       const std::string& key) const = 0;

  void Fill(storage::Session& session, const google::protobuf::Message* previous,
            google::protobuf::Message* row) const {
    FillStored(session, previous, row);
    FillKnown(row);
  }
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_ROW_KEYS_H_
