#ifndef CLUSTR_TESTS_FUZZ_CALLS_CALL_SEQUENCE_H_
#define CLUSTR_TESTS_FUZZ_CALLS_CALL_SEQUENCE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "tests/fuzz/calls/shop.h"

namespace clustr::fuzz {

// The methods that RunCalls calls: those of the package and of AdminService.
std::vector<const google::protobuf::MethodDescriptor*> MethodsCalledIn(const char* package);

// Makes up to six calls of the methods of `package` and of AdminService to a server of a shop,
// until the bytes are used up, and checks CallRules on each. The shop is made once per process, so
// an input meets the rows that earlier inputs left.
void RunCalls(const char* package, testing::ProgramServer& (Shop::*server)(), const uint8_t* data,
              size_t size);

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_CALLS_CALL_SEQUENCE_H_
