#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_H_

#include <vector>

#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/base/search_query.h"
#include "services/bundles/mining/layout/root_projection.h"
#include "services/bundles/mining/search/claims.h"

namespace clustr::mining {

// Ways to run the same search; all give the same itemsets in the same order.
enum class InstructionSet {
  kPortable,  // Plain C++, on every machine.
  kBmi2,      // x86-64 with AVX2, POPCNT and BMI2.
  kAvx512,    // x86-64 with AVX-512 F, BW, DQ, VL and VPOPCNTDQ, and BMI2.
};

// Those that this machine runs, the fastest last.
std::vector<InstructionSet> SupportedInstructionSets();

// What a search works on; borrowed.
struct SearchInput {
  const RootProjection& root;  // Of query.min_count and, where pairs are known, all sets.
  const SearchQuery& query;
  SearchControl& control;
};

// Puts to `stream` every wanted itemset that belongs to `claims`, and of codes of which only a part
// does, others, too. False if the stream or the control ended the search. `instructions` must be
// supported. Reentrant.
bool Search(InstructionSet instructions, const SearchInput& input, Claims& claims,
            ItemsetStream& stream);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_H_
