#ifndef CLUSTR_TESTS_FUZZ_STORED_HONEST_UPSTREAM_H_
#define CLUSTR_TESTS_FUZZ_STORED_HONEST_UPSTREAM_H_

#include "tests/fuzz/streams/scripted_upstream.h"
#include "tests/fuzz/streams/stream_messages.h"

namespace clustr::fuzz {

// An upstream that streams an honest shop as sales and as catalog, as long as this process lives.
inline ScriptedUpstream& HonestUpstream() {
  static auto* const upstream = [] {
    auto* made = new ScriptedUpstream;
    made->sales().Play({{HonestSales().SerializeAsString()}});
    made->catalog().Play({{HonestCatalog().SerializeAsString()}});
    return made;
  }();
  return *upstream;
}

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_STORED_HONEST_UPSTREAM_H_
