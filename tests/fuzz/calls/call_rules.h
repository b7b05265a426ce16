#ifndef CLUSTR_TESTS_FUZZ_CALLS_CALL_RULES_H_
#define CLUSTR_TESTS_FUZZ_CALLS_CALL_RULES_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "tests/fuzz/calls/any_call.h"
#include "tests/fuzz/calls/request_maker.h"
#include "tests/fuzz/messages/message_maker.h"

namespace clustr::fuzz {

// Makes calls and checks what holds for every call of every method, by its descriptor:
//  - An answer arrives, never INTERNAL or UNKNOWN, and an error has a reason of the contract, with
//    its code.
//  - A unary call that is refused, that only checks (validate_only) or that repeats a request_id
//    changes nothing; the repeated one has the same answer.
//  - A row that a write returns is the one that is read back.
//  - The next page of a list that has one can be read.
// Not thread-safe; nothing else may write to the services meanwhile.
class CallRules {
 public:
  // `revisions` returns the revisions that calls can change, for example of catalog and sales.
  CallRules(std::shared_ptr<grpc::Channel> channel, std::function<std::vector<int64_t>()> revisions)
      : channel_(std::move(channel)), revisions_(std::move(revisions)) {}

  // Checks the first rule only, for a server with damaged rows, which may be read otherwise than
  // they were written. `damage` belongs to findings.
  CallRules(std::shared_ptr<grpc::Channel> channel, std::string damage)
      : channel_(std::move(channel)), damage_(std::move(damage)) {}

  // Makes a call and fails if a rule does not hold. The maker remembers the answer.
  void Call(const Requests& requests, MessageMaker* maker) const;

 private:
  using Message = google::protobuf::Message;

  Answer AskOnce(const Requests& requests) const;
  void CheckStatus(const Requests& requests, const absl::Status& status) const;
  void CheckRepeated(const Requests& requests, const Message& answer) const;
  void CheckStored(const Requests& requests, const Message& answer) const;
  void CheckNextPage(const Requests& requests, const Message& answer) const;

  const std::shared_ptr<grpc::Channel> channel_;
  const std::function<std::vector<int64_t>()> revisions_;  // Null if rows are damaged.
  const std::string damage_;
};

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_CALLS_CALL_RULES_H_
