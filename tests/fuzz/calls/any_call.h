#ifndef CLUSTR_TESTS_FUZZ_CALLS_ANY_CALL_H_
#define CLUSTR_TESTS_FUZZ_CALLS_ANY_CALL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"

// Calls of methods that are known by their descriptors alone.
namespace clustr::fuzz {

// The methods of all services in a package such as `clustr.sales.v1`, in the order of the .proto
// files, as far as their generated code is linked into this program.
std::vector<const google::protobuf::MethodDescriptor*> MethodsOf(const std::string& package);

struct Answer {
  absl::Status status;
  std::vector<std::unique_ptr<google::protobuf::Message>> messages;
};

struct CallLimits {
  absl::Duration timeout = absl::Seconds(60);
  size_t max_messages = 20;  // The call is cancelled after this many answers.
};

// Sends the serialised requests, one message each, and reads until the call ends. `requests` must
// have one element unless the client streams. A call that is cancelled because it has answered
// enough has the status OK. An answer that is not a message of its type is a finding. Blocks.
Answer Ask(const std::shared_ptr<grpc::Channel>& channel,
           const google::protobuf::MethodDescriptor& method,
           const std::vector<std::string>& requests, const CallLimits& limits = {});

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_CALLS_ANY_CALL_H_
