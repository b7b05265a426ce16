#ifndef CLUSTR_TESTS_FUZZ_CALLS_REQUEST_MAKER_H_
#define CLUSTR_TESTS_FUZZ_CALLS_REQUEST_MAKER_H_

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/messages/message_maker.h"

namespace clustr::fuzz {

// The request of one call, or the requests of a client stream.
struct Requests {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::vector<std::string> bytes;  // As they are sent; need not be messages.
  // The same as messages; null where the bytes are none.
  std::vector<std::unique_ptr<google::protobuf::Message>> messages;

  bool decodable() const;
  // For findings.
  std::string Text() const;
};

// Makes the next call from the bytes of `input`: mostly messages that a client could mean, one in
// eight with changed bytes, and page tokens that no server has given.
Requests NextRequests(const std::vector<const google::protobuf::MethodDescriptor*>& methods,
                      Input* input, MessageMaker* maker);

// True if the call may wait until its deadline for what is yet to come: a stream that follows, or a
// minimum revision.
bool MayWait(const Requests& requests);

// The value of a singular field of this name; empty, 0 or false if there is none.
std::string TextField(const google::protobuf::Message& message, const char* name);
bool BoolField(const google::protobuf::Message& message, const char* name);

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_CALLS_REQUEST_MAKER_H_
