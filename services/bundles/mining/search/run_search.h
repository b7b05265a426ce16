#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_RUN_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_RUN_SEARCH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/search/list_search.h"
#include "services/bundles/mining/search/search.h"

namespace clustr::mining {

// A search from `root` on, in this instruction set and with counts of this type.
template <class Isa, class Count>
class RootSearch {
 public:
  RootSearch(const SearchInput& input, Claims& claims, ItemsetStream& stream)
      : root_(input.root),
        claims_(claims),
        size_(static_cast<uint32_t>(root_.items.items.size())),
        control_(input.control),
        state_(input.query, input.control, stream, size_),
        items_(Copy<Item>(root_.items.items)),
        counts_(Copy<Count>(root_.items.counts)) {
    if (!root_.pairs) return;
    pairs_.begins = root_.pairs->begins.data();
    pairs_.codes = root_.pairs->codes.data();
    pairs_.counts = Copy<Count>(root_.pairs->counts);
    pairs_.bits = root_.pairs->bits.data();
    pairs_.words = root_.pairs->words;
  }

  bool InBits() {
    const RootBits& bits = *root_.bits;
    const Columns columns = {.words = bits.words,
                             .planes = bits.rows.data() + size_ * bits.words,
                             .plane_count = bits.plane_count};
    // The rows are only read.
    const Extensions<Count> nodes = {items_, counts_, const_cast<uint64_t*>(bits.rows.data()),
                                     size_, size_};
    BitSearch<Isa, Count> search(state_);
    const CodeClaim claim = {claims_};
    const ExtensionClaim next = {claims_};
    return root_.pairs ? search.MineWithPairs(nodes, columns, pairs_, kEmpty, claim, next)
                       : search.Mine(nodes, columns, kEmpty, claim, next);
  }

  template <class Code>
  bool InLists(const LargeArray<Code>& rows) {
    if (!control_.AddMemory(BesideCounter<Isa, Code, Count>::MemoryBytes(size_))) return false;
    const RootLists& lists = *root_.lists;
    const ListNode<Code, Count> node = {.size = size_,
                                        .total = size_,
                                        .items = items_,
                                        .counts = counts_,
                                        .begins = lists.begins.data(),
                                        .ends = lists.begins.data() + 1,
                                        .places = lists.places.data(),
                                        .rows = rows.data(),
                                        .row_count = lists.row_count,
                                        .pairs = root_.pairs ? &pairs_ : nullptr};
    return ListSearch<Isa, Code, Count>(state_, size_)
        .Mine(node, kEmpty, CodeClaim{claims_}, ExtensionClaim{claims_});
  }

 private:
  alignas(Arena::kAlignment) static constexpr Item kNoItems[Isa::kLanes] = {};
  static constexpr typename SearchState<Isa>::Set kEmpty = {kNoItems, 0, 0};

  // In the arena, with room for a vector behind.
  template <class T, class From>
  T* Copy(const std::vector<From>& from) {
    T* const to = state_.arena.template Allocate<T>(from.size() + Isa::kLanes);
    std::transform(from.begin(), from.end(), to, [](From value) { return static_cast<T>(value); });
    return to;
  }

  const SearchRoot& root_;
  Claims& claims_;
  const uint32_t size_;
  SearchControl& control_;
  SearchState<Isa> state_;
  Item* const items_;
  Count* const counts_;
  FrequentPairs<Count> pairs_;
};

// Search for one instruction set, by the narrowest types that hold the codes and counts.
template <class Isa>
bool RunSearch(const SearchInput& input, Claims& claims, ItemsetStream& stream) {
  const SearchRoot& root = input.root;
  if (root.is_weighted) {
    RootSearch<Isa, int64_t> search(input, claims, stream);
    return root.bits ? search.InBits() : search.template InLists<uint32_t>(root.lists->wide);
  }
  RootSearch<Isa, uint32_t> search(input, claims, stream);
  if (root.bits) return search.InBits();
  return root.lists->is_narrow ? search.template InLists<uint16_t>(root.lists->narrow)
                               : search.template InLists<uint32_t>(root.lists->wide);
}

bool SearchPortable(const SearchInput& input, Claims& claims, ItemsetStream& stream);
// Only on x86-64.
bool SearchBmi2(const SearchInput& input, Claims& claims, ItemsetStream& stream);
bool SearchAvx512(const SearchInput& input, Claims& claims, ItemsetStream& stream);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_RUN_SEARCH_H_
