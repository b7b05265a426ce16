#ifndef CLUSTR_COMMON_RPC_RECORDS_TOUCHED_H_
#define CLUSTR_COMMON_RPC_RECORDS_TOUCHED_H_

#include <string>

#include "google/protobuf/message.h"

namespace clustr::rpc {

// The members of a line of the audit that tell what a call touched, each with a comma before it:
// request_id and validate_only of the request; the ids of its fields with the meaning MEANING_ID
// and of the rows in the response, by the name of the field, up to 20 of each; the revision. Either
// message may be null. O(rows of the messages). Thread-safe.
std::string TouchedBy(const google::protobuf::Message* request,
                      const google::protobuf::Message* response);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_RECORDS_TOUCHED_H_
