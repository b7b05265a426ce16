#include "services/bundles/mining/isa_portable.h"
#include "services/bundles/mining/run_search.h"

namespace clustr::mining {

bool SearchPortable(const SearchInput& input, Claim claim, ItemsetStream& stream) {
  return RunSearch<PortableIsa>(input, claim, stream);
}

}  // namespace clustr::mining
