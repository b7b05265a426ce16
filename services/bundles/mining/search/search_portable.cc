#include "services/bundles/mining/isa/portable.h"
#include "services/bundles/mining/search/run_search.h"

namespace clustr::mining {

bool SearchPortable(const SearchInput& input, Claims& claims, ItemsetStream& stream) {
  return RunSearch<PortableIsa>(input, claims, stream);
}

}  // namespace clustr::mining
