#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RUN_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RUN_SEARCH_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/list_search.h"
#include "services/bundles/mining/search.h"

namespace clustr::mining {

template <class Isa, class Code, class Count>
bool RunSearchOf(const SearchInput& input, Claim claim, ItemsetStream& stream) {
  const Vertical& vertical = input.vertical;
  const auto size = static_cast<uint32_t>(vertical.items.size());
  SearchState<Isa> state(input.baskets, input.query, input.control, stream, size);
  Count* const counts = state.arena.template Allocate<Count>(size);
  for (uint32_t code = 0; code < size; ++code) {
    counts[code] = static_cast<Count>(vertical.counts[code]);
  }
  int64_t* weights = nullptr;
  if (!input.baskets.weights.empty()) {
    weights = state.arena.template Allocate<int64_t>(vertical.basket_count);
    for (size_t i = 0; i < vertical.basket_count; ++i) weights[i] = input.baskets.weight(i);
  }
  const ListNode<Count> root = {.size = size,
                                .items = vertical.items.data(),
                                .counts = counts,
                                .begins = vertical.begins.data(),
                                .ends = vertical.begins.data() + 1,
                                .holders = vertical.holders.get(),
                                .basket_count = static_cast<uint32_t>(vertical.basket_count),
                                .row_begins = vertical.row_begins.get(),
                                .weights = weights,
                                .origins = nullptr};
  alignas(Arena::kAlignment) const Item empty[Isa::kLanes] = {};
  const Code* const rows = input.rows == nullptr ? nullptr : input.rows->codes<Code>();
  return ListSearch<Isa, Code, Count>(state, size).Mine(root, {empty, 0, 0}, claim, rows);
}

// Search for one instruction set, by the narrowest types that hold the codes and counts.
template <class Isa>
bool RunSearch(const SearchInput& input, Claim claim, ItemsetStream& stream) {
  if (!input.baskets.weights.empty()) {
    return RunSearchOf<Isa, uint32_t, int64_t>(input, claim, stream);
  }
  if (HasNarrowCodes(input.baskets, input.vertical)) {
    return RunSearchOf<Isa, uint16_t, uint32_t>(input, claim, stream);
  }
  return RunSearchOf<Isa, uint32_t, uint32_t>(input, claim, stream);
}

bool SearchPortable(const SearchInput& input, Claim claim, ItemsetStream& stream);
// Only on x86-64.
bool SearchBmi2(const SearchInput& input, Claim claim, ItemsetStream& stream);
bool SearchAvx512(const SearchInput& input, Claim claim, ItemsetStream& stream);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RUN_SEARCH_H_
