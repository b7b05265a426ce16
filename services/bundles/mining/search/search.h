#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_H_

#include <vector>

#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/base/search_query.h"
#include "services/bundles/mining/layout/root_projection.h"
#include "services/bundles/mining/search/claims.h"

namespace clustr::mining {

// Instruction sets for which the search is compiled. All give the same itemsets in the same order.
enum class InstructionSet {
  kPortable,  // Plain C++, on every machine.
  kBmi2,      // x86-64 with AVX2, POPCNT and BMI2.
  kAvx512,    // x86-64 with AVX-512 F, BW, DQ, VL and VPOPCNTDQ, and BMI2.
};

// The instruction sets that this machine supports, fastest last.
std::vector<InstructionSet> SupportedInstructionSets();

// The input of a search. Borrowed.
struct SearchInput {
  const RootProjection& root;  // Made with query.min_count. Has pairs only if all sets are wanted.
  const SearchQuery& query;
  SearchControl& control;
};

// Puts to `stream` the wanted itemsets that `claims` claims. If only a part of a code's sets is
// claimed, it may also put other sets of that code. Returns false if `stream` or the control ended
// the search. `instructions` must be supported. Reentrant.
bool Search(InstructionSet instructions, const SearchInput& input, Claims& claims,
            ItemsetStream& stream);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_H_
