#include "services/bundles/mining/isa/bmi2.h"
#include "services/bundles/mining/search/run_search.h"

namespace clustr::mining {

bool SearchBmi2(const SearchInput& input, Claims& claims, ItemsetStream& stream) {
  return RunSearch<Bmi2Isa>(input, claims, stream);
}

}  // namespace clustr::mining
