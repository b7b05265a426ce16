#ifndef CLUSTR_COMMON_STORAGE_PERSONAL_H_
#define CLUSTR_COMMON_STORAGE_PERSONAL_H_

#include "common/storage/session.h"
#include "google/protobuf/message.h"

// Answers of write calls are remembered for retries, longer than the rows in them may live; so they
// are remembered without the fields that are marked personal.
namespace clustr::storage {

// True if messages of this type can hold a personal field, at any depth. O(1) after the first call
// for a type. Thread-safe.
bool MayHoldPersonal(const google::protobuf::Descriptor& message);

// Clears the personal fields of a message and of all messages in it.
void ClearPersonal(google::protobuf::Message* message);

// Sets the personal fields of each stored row in a message to what its table holds now; a row that
// is gone keeps none. Failures of the database are thrown.
void FillPersonal(Session& session, google::protobuf::Message* message);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_PERSONAL_H_
