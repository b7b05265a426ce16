// Calls of every method of catalog, one after the other, with messages made from the input.

#include "tests/fuzz/calls/call_sequence.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::RunCalls("clustr.catalog.v1", &clustr::fuzz::Shop::catalog, data, size);
  return 0;
}
