#include "services/bundles/mining/isa/avx512.h"
#include "services/bundles/mining/search/run_search.h"

namespace clustr::mining {

bool SearchAvx512(const SearchInput& input, Claims& claims, ItemsetStream& stream) {
  return RunSearch<Avx512Isa>(input, claims, stream);
}

}  // namespace clustr::mining
