#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_RUN_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_RUN_SEARCH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/search/search.h"
#include "services/bundles/mining/search/tid_list_search.h"

namespace clustr::mining {

// A search from the root projection on, for one instruction set and type of counts.
template <class Isa, class Count>
class RootSearch {
 public:
  RootSearch(const SearchInput& input, Claims& claims, ItemsetStream& stream)
      : root_(input.root),
        claims_(claims),
        size_(static_cast<uint32_t>(root_.frequent.items.size())),
        control_(input.control),
        state_(input.query, input.control, stream, size_),
        items_(Copy<Item>(root_.frequent.items)),
        counts_(Copy<Count>(root_.frequent.counts)) {
    if (!root_.pairs) return;
    pairs_.begins = root_.pairs->begins.data();
    pairs_.codes = root_.pairs->codes.data();
    pairs_.counts = Copy<Count>(root_.pairs->counts);
    pairs_.bits = root_.pairs->bits.data();
    pairs_.words = root_.pairs->words;
  }

  bool InBitmaps() {
    const RootBitmaps& vertical = *root_.vertical;
    const TidSpace space = {.words = vertical.words,
                            .planes = vertical.bitmaps.data() + size_ * vertical.words,
                            .plane_count = vertical.plane_count};
    // The search only reads them.
    const VerticalProjection<Count> projection = {
        items_, counts_, const_cast<uint64_t*>(vertical.bitmaps.data()), size_, size_};
    BitmapSearch<Isa, Count> search(state_);
    const CodeClaim claim = {claims_};
    const ExtensionClaim next = {claims_};
    return root_.pairs ? search.MineWithPairs(projection, space, pairs_, kEmpty, claim, next)
                       : search.Mine(projection, space, kEmpty, claim, next);
  }

  template <class Code>
  bool InTidLists(const LargeArray<Code>& records) {
    if (!control_.AddMemory(ExtensionCounter<Isa, Code, Count>::MemoryBytes(size_))) return false;
    const RootBaskets& horizontal = *root_.horizontal;
    const HorizontalProjection<Code, Count> projection = {.candidate_count = size_,
                                                          .extension_count = size_,
                                                          .items = items_,
                                                          .counts = counts_,
                                                          .begins = horizontal.begins.data(),
                                                          .ends = horizontal.begins.data() + 1,
                                                          .tids = horizontal.tids.data(),
                                                          .baskets = records.data(),
                                                          .basket_count = horizontal.basket_count,
                                                          .pairs = root_.pairs ? &pairs_ : nullptr};
    return TidListSearch<Isa, Code, Count>(state_, size_)
        .Mine(projection, kEmpty, CodeClaim{claims_}, ExtensionClaim{claims_});
  }

 private:
  alignas(Arena::kAlignment) static constexpr Item kNoItems[Isa::kLanes] = {};
  static constexpr typename SearchState<Isa>::Prefix kEmpty = {kNoItems, 0, 0};

  // A copy in the arena, with room for a vector behind it.
  template <class T, class From>
  T* Copy(const std::vector<From>& from) {
    T* const to = state_.arena.template Allocate<T>(from.size() + Isa::kLanes);
    std::transform(from.begin(), from.end(), to, [](From value) { return static_cast<T>(value); });
    return to;
  }

  const RootProjection& root_;
  Claims& claims_;
  const uint32_t size_;
  SearchControl& control_;
  SearchState<Isa> state_;
  Item* const items_;
  Count* const counts_;
  FrequentPairs<Count> pairs_;
};

// Runs the search for one instruction set, with the narrowest types that hold all codes and counts.
template <class Isa>
bool RunSearch(const SearchInput& input, Claims& claims, ItemsetStream& stream) {
  const RootProjection& root = input.root;
  if (root.is_weighted) {
    RootSearch<Isa, int64_t> search(input, claims, stream);
    return root.vertical ? search.InBitmaps()
                         : search.template InTidLists<uint32_t>(root.horizontal->wide);
  }
  RootSearch<Isa, uint32_t> search(input, claims, stream);
  if (root.vertical) return search.InBitmaps();
  return root.horizontal->is_narrow ? search.template InTidLists<uint16_t>(root.horizontal->narrow)
                                    : search.template InTidLists<uint32_t>(root.horizontal->wide);
}

bool SearchPortable(const SearchInput& input, Claims& claims, ItemsetStream& stream);
// These two exist on x86-64 only.
bool SearchBmi2(const SearchInput& input, Claims& claims, ItemsetStream& stream);
bool SearchAvx512(const SearchInput& input, Claims& claims, ItemsetStream& stream);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_RUN_SEARCH_H_
