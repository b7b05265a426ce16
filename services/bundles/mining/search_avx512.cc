#include "services/bundles/mining/isa_avx512.h"
#include "services/bundles/mining/run_search.h"

namespace clustr::mining {

bool SearchAvx512(const SearchInput& input, Claim claim, ItemsetStream& stream) {
  return RunSearch<Avx512Isa>(input, claim, stream);
}

}  // namespace clustr::mining
