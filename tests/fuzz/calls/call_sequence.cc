#include "tests/fuzz/calls/call_sequence.h"

#include "google/protobuf/stubs/logging.h"
#include "tests/fuzz/calls/any_call.h"
#include "tests/fuzz/calls/call_rules.h"
#include "tests/fuzz/calls/request_maker.h"
#include "tests/fuzz/messages/message_maker.h"

namespace clustr::fuzz {
namespace {

constexpr int kMaxCalls = 6;

}  // namespace

std::vector<const google::protobuf::MethodDescriptor*> MethodsCalledIn(const char* package) {
  std::vector<const google::protobuf::MethodDescriptor*> methods = MethodsOf(package);
  for (const auto* method : MethodsOf("clustr.ops.v1")) methods.push_back(method);
  return methods;
}

void RunCalls(const char* package, testing::ProgramServer& (Shop::*server)(), const uint8_t* data,
              size_t size) {
  google::protobuf::SetLogHandler(nullptr);  // It reports each text that is not UTF-8.
  static Shop shop;                          // Destroyed at the end of the program, with its files.
  static auto* const methods = new auto(MethodsCalledIn(package));
  const CallRules rules((shop.*server)().channel(), [] { return shop.Revisions(); });
  Input input(data, size);
  MessageMaker maker(&input);
  for (int calls = 0; calls < kMaxCalls && (calls == 0 || !input.empty()); ++calls) {
    rules.Call(NextRequests(*methods, &input, &maker), &maker);
  }
}

}  // namespace clustr::fuzz
