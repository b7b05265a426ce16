#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LIST_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LIST_SEARCH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "services/bundles/mining/bit_search.h"
#include "services/bundles/mining/list_node.h"

namespace clustr::mining {

// Depth-first search over lists of baskets (occurrence deliver: Uno et al., "LCM ver. 2", 2004).
// Codes are taken in ascending order, each extended by lower ones, so that every set comes before
// its supersets. A projection goes on in lists or in bits, whatever its size and density make
// cheaper. Code holds any code, Count any count: uint32_t, or int64_t for weighted baskets.
template <class Isa, class Code, class Count>
class ListSearch {
 public:
  using Node = ListNode<Count>;
  using Set = typename SearchState<Isa>::Set;
  static constexpr bool kWeighted = std::is_same_v<Count, int64_t>;

  // For a root of `size` codes.
  ListSearch(SearchState<Isa>& state, uint32_t size)
      : state_(state),
        bits_(state),
        tallies_(size + Isa::kLanes),
        words_(size + 1),
        touched_(size + 1),
        slots_(size, kDropped) {}

  // Reports what the codes of `node` make of `set`, of those for which `claim(code)` is true.
  // False if the search has ended.
  // `full_rows` are the rows of the node, if they are there already, or null.
  template <class Claim>
  bool Mine(const Node& node, Set set, Claim claim, const Code* full_rows = nullptr) {
    const Arena::Mark mark = state_.arena.mark();
    if (BitsAreCheaper(node.row_begins[node.basket_count], node.size, node.basket_count)) {
      const bool go_on = MineInBits(node, set, claim);
      state_.arena.Release(mark);
      return go_on;
    }
    if (full_rows != nullptr) {
      FullRows<Code> rows(full_rows, node.row_begins);
      if (!MineRows(node, rows, set, claim)) return false;
    } else {
      Rows<Code> rows(state_.arena, node.row_begins, node.basket_count);
      if (!MineRows(node, rows, set, claim)) return false;
    }
    state_.arena.Release(mark);
    return true;
  }

 private:
  static constexpr uint32_t kDropped = UINT32_MAX;

  // The codes below one that are frequent beside it, ascending.
  struct Frequent {
    uint32_t* codes;
    Count* counts;
    uint32_t size;
  };

  template <class AnyRows, class Claim>
  bool MineRows(const Node& node, AnyRows& rows, Set set, Claim claim) {
    for (uint32_t code = 0; code < node.size; ++code) {
      if (!claim(code)) {
        for (uint32_t h = node.begins[code]; h < node.ends[code]; ++h) {
          rows.Add(node.holders[h], code);
        }
      } else if (!Visit(node, rows, code, set)) {
        return false;
      }
    }
    return true;
  }

  template <class AnyRows>
  bool Visit(const Node& node, AnyRows& rows, uint32_t code, Set set) {
    if (!state_.Proceed()) return false;
    Arena& arena = state_.arena;
    const Arena::Mark mark = arena.mark();
    const uint32_t before = state_.reporter.perfect_size;
    const uint32_t* const holders = node.holders + node.begins[code];
    const uint32_t count = node.ends[code] - node.begins[code];
    const bool go_on = state_.ends_at(set.size + 1)
                           ? state_.reporter.Report(set, node.items[code], node.counts[code])
                       : count <= 64 ? VisitFew(node, rows, code, holders, count, set)
                                     : VisitMany(node, rows, code, holders, count, set);
    state_.reporter.perfect_size = before;
    arena.Release(mark);
    return go_on;
  }

  template <class Claim>
  bool MineInBits(const Node& node, Set set, Claim claim);

  // A code of at most 64 baskets: its extensions are gathered as words of bits at once.
  template <class AnyRows>
  bool VisitFew(const Node& node, AnyRows& rows, uint32_t code, const uint32_t* holders,
                uint32_t count, Set set);
  template <class AnyRows>
  bool VisitMany(const Node& node, AnyRows& rows, uint32_t code, const uint32_t* holders,
                 uint32_t count, Set set);

  // Moves those that all baskets of `code` hold to the reporter.
  void SplitPerfect(const Node& node, Count own, Frequent* frequent);
  template <class AnyRows>
  bool DescendInBits(const Node& node, const AnyRows& rows, uint32_t code, const Frequent& frequent,
                     const uint32_t* holders, uint32_t count, Set set);
  template <class AnyRows>
  bool DescendInLists(const Node& node, const AnyRows& rows, uint32_t code,
                      const Frequent& frequent, const uint32_t* holders, uint32_t count, Set set);
  static bool BitsAreCheaper(uint64_t entries, uint32_t extensions, uint32_t baskets);
  Columns MakeColumns(const Node& node, const uint32_t* holders, uint32_t count);

  absl::Span<const uint32_t> Origins(const Node& node, const uint32_t* holders, uint32_t count) {
    if (node.origins == nullptr) return {holders, count};
    std::vector<uint32_t>& origins = state_.scratch_holders();
    for (uint32_t h = 0; h < count; ++h) origins.push_back(node.origins[holders[h]]);
    return origins;
  }

  SearchState<Isa>& state_;
  BitSearch<Isa, Count> bits_;
  std::vector<Count> tallies_;     // By code; 0 between uses, as `words_`.
  std::vector<uint64_t> words_;    // By code.
  std::vector<uint32_t> touched_;  // Codes with a word.
  std::vector<uint32_t> slots_;    // By code: the one in the next projection; else kDropped.
};

template <class Isa, class Code, class Count>
template <class Claim>
bool ListSearch<Isa, Code, Count>::MineInBits(const Node& node, Set set, Claim claim) {
  Arena& arena = state_.arena;
  uint32_t* const baskets = arena.Allocate<uint32_t>(node.basket_count);
  for (uint32_t basket = 0; basket < node.basket_count; ++basket) baskets[basket] = basket;
  const Columns columns = MakeColumns(node, baskets, node.basket_count);
  const size_t size = node.size * columns.words;
  uint64_t* const bits = arena.Allocate<uint64_t>(size);
  std::fill(bits, bits + size, 0);
  Item* const items = arena.Allocate<Item>(node.size + Isa::kLanes);
  Count* const counts = arena.Allocate<Count>(node.size + Isa::kLanes);
  for (uint32_t code = 0; code < node.size; ++code) {
    items[code] = node.items[code];
    counts[code] = node.counts[code];
    uint64_t* const row = bits + code * columns.words;
    for (uint32_t h = node.begins[code]; h < node.ends[code]; ++h) {
      row[node.holders[h] / 64] |= uint64_t{1} << (node.holders[h] % 64);
    }
  }
  return bits_.Mine({items, counts, bits, node.size}, columns, set, claim);
}

template <class Isa, class Code, class Count>
template <class AnyRows>
bool ListSearch<Isa, Code, Count>::VisitFew(const Node& node, AnyRows& rows, uint32_t code,
                                            const uint32_t* holders, uint32_t count, Set set) {
  uint32_t touched = 0;
  for (uint32_t h = 0; h < count; ++h) {
    rows.Prefetch(holders, h, count);
    const uint64_t bit = uint64_t{1} << h;
    rows.VisitAndAdd(holders[h], code, [&](Code other) {
      const uint64_t word = words_[other];
      touched_[touched] = other;
      touched += word == 0;
      words_[other] = word | bit;
    });
  }
  Arena& arena = state_.arena;
  const Columns columns = MakeColumns(node, holders, count);
  // The order of codes, not that of baskets, decides how the search goes on.
  uint32_t frequent = 0;
  const auto least = static_cast<Count>(state_.least_count());
  for (uint32_t t = 0; t < touched; ++t) {
    const uint64_t word = words_[touched_[t]];
    const Count common = kWeighted ? static_cast<Count>(WeightOf(&word, columns))
                                   : static_cast<Count>(__builtin_popcountll(word));
    if (common >= least) {
      touched_[frequent++] = touched_[t];
    } else {
      words_[touched_[t]] = 0;
    }
  }
  std::sort(touched_.data(), touched_.data() + frequent);
  const size_t room = frequent + Isa::kLanes;
  Extensions<Count> extensions = {arena.Allocate<Item>(room), arena.Allocate<Count>(room),
                                  arena.Allocate<uint64_t>(room), 0};
  for (uint32_t f = 0; f < frequent; ++f) {
    const uint32_t other = touched_[f];
    const uint64_t word = words_[other];
    words_[other] = 0;
    const Count common = kWeighted ? static_cast<Count>(WeightOf(&word, columns))
                                   : static_cast<Count>(__builtin_popcountll(word));
    if (common == node.counts[code]) {
      state_.reporter.perfect()[state_.reporter.perfect_size++] = node.items[other];
      continue;
    }
    extensions.items[extensions.size] = node.items[other];
    extensions.counts[extensions.size] = common;
    extensions.rows[extensions.size++] = word;
  }
  // `before` of the caller: nothing else was added since.
  const uint32_t before = state_.reporter.perfect_size - (frequent - extensions.size);
  Set joined;
  const Step step = state_.Enter(
      set, node.items[code], static_cast<int64_t>(node.counts[code]), before, extensions.size,
      [&] { return Origins(node, holders, count); }, &joined);
  if (step != Step::kDescend) return step == Step::kSkip;
  return bits_.Mine(extensions, columns, joined);
}

template <class Isa, class Code, class Count>
template <class AnyRows>
bool ListSearch<Isa, Code, Count>::VisitMany(const Node& node, AnyRows& rows, uint32_t code,
                                             const uint32_t* holders, uint32_t count, Set set) {
  for (uint32_t h = 0; h < count; ++h) {
    rows.Prefetch(holders, h, count);
    const Count weight = node.weight(holders[h]);
    rows.VisitAndAdd(holders[h], code, [&](Code other) { tallies_[other] += weight; });
  }
  Arena& arena = state_.arena;
  const size_t room = code + 2 * Isa::kLanes;
  Frequent frequent = {arena.Allocate<uint32_t>(room), arena.Allocate<Count>(room), 0};
  frequent.size = Isa::TakeFrequent(tallies_.data(), code, static_cast<Count>(state_.least_count()),
                                    frequent.codes, frequent.counts);
  const uint32_t before = state_.reporter.perfect_size;
  SplitPerfect(node, node.counts[code], &frequent);
  Set joined;
  const Step step = state_.Enter(
      set, node.items[code], static_cast<int64_t>(node.counts[code]), before, frequent.size,
      [&] { return Origins(node, holders, count); }, &joined);
  if (step != Step::kDescend) return step == Step::kSkip;
  if (state_.ends_at(joined.size + 1) ||
      (frequent.size == 1 && state_.query.target == Target::kAll)) {
    for (uint32_t f = 0; f < frequent.size; ++f) {
      if (!state_.reporter.Report(joined, node.items[frequent.codes[f]], frequent.counts[f])) {
        return false;
      }
    }
    return true;
  }
  uint64_t entries = 0;
  for (uint32_t f = 0; f < frequent.size; ++f) entries += static_cast<uint64_t>(frequent.counts[f]);
  if (kWeighted) {
    // As if all baskets of the code weighed the same.
    entries = static_cast<uint64_t>(static_cast<double>(entries) /
                                    static_cast<double>(node.counts[code]) * count);
  }
  return BitsAreCheaper(entries, frequent.size, count)
             ? DescendInBits(node, rows, code, frequent, holders, count, joined)
             : DescendInLists(node, rows, code, frequent, holders, count, joined);
}

template <class Isa, class Code, class Count>
void ListSearch<Isa, Code, Count>::SplitPerfect(const Node& node, Count own, Frequent* frequent) {
  uint32_t kept = 0;
  for (uint32_t f = 0; f < frequent->size; ++f) {
    if (frequent->counts[f] == own) {
      state_.reporter.perfect()[state_.reporter.perfect_size++] = node.items[frequent->codes[f]];
      continue;
    }
    frequent->codes[kept] = frequent->codes[f];
    frequent->counts[kept++] = frequent->counts[f];
  }
  frequent->size = kept;
}

// Counting pairs of extensions costs lists a step for each pair that a basket holds, and bits a
// step for each pair and 512 baskets.
template <class Isa, class Code, class Count>
bool ListSearch<Isa, Code, Count>::BitsAreCheaper(uint64_t entries, uint32_t extensions,
                                                  uint32_t baskets) {
  constexpr size_t kMostBytes = size_t{16} << 20;
  const size_t words = WordsFor(baskets);
  if (baskets == 0 || words * extensions * sizeof(uint64_t) > kMostBytes) return false;
  const double mean = static_cast<double>(entries) / baskets;
  const double list_steps = baskets * (mean * mean / 2 + 4 * mean);
  const double bit_steps = extensions * (extensions / 2.0) * (static_cast<double>(words) / 8 + 2);
  return bit_steps < list_steps;
}

template <class Isa, class Code, class Count>
Columns ListSearch<Isa, Code, Count>::MakeColumns(const Node& node, const uint32_t* holders,
                                                  uint32_t count) {
  Columns columns = {.words = WordsFor(count)};
  if (state_.query.target != Target::kAll) {
    uint32_t* const origins = state_.arena.template Allocate<uint32_t>(count);
    for (uint32_t h = 0; h < count; ++h) origins[h] = node.origin(holders[h]);
    columns.origins = origins;
  }
  if constexpr (kWeighted) {
    int64_t most = 0;
    for (uint32_t h = 0; h < count; ++h) most = std::max(most, node.weight(holders[h]));
    columns.plane_count = 64 - static_cast<uint32_t>(__builtin_clzll(static_cast<uint64_t>(most)));
    uint64_t* const planes =
        state_.arena.template Allocate<uint64_t>(columns.plane_count * columns.words);
    std::fill(planes, planes + columns.plane_count * columns.words, 0);
    for (uint32_t h = 0; h < count; ++h) {
      auto weight = static_cast<uint64_t>(node.weight(holders[h]));
      for (uint64_t* plane = planes; weight != 0; weight >>= 1, plane += columns.words) {
        plane[h / 64] |= (weight & 1) << (h % 64);
      }
    }
    columns.planes = planes;
  }
  return columns;
}

template <class Isa, class Code, class Count>
template <class AnyRows>
bool ListSearch<Isa, Code, Count>::DescendInBits(const Node& node, const AnyRows& rows,
                                                 uint32_t code, const Frequent& frequent,
                                                 const uint32_t* holders, uint32_t count, Set set) {
  Arena& arena = state_.arena;
  const Columns columns = MakeColumns(node, holders, count);
  const size_t bytes = frequent.size * columns.words;
  Item* const items = arena.Allocate<Item>(frequent.size + Isa::kLanes);
  uint64_t* const bits = arena.Allocate<uint64_t>(bytes);
  uint32_t* const kept = arena.Allocate<uint32_t>(node.size);
  std::fill(bits, bits + bytes, 0);
  for (uint32_t f = 0; f < frequent.size; ++f) {
    slots_[frequent.codes[f]] = f;
    items[f] = node.items[frequent.codes[f]];
  }
  for (uint32_t h = 0; h < count; ++h) {
    uint32_t size = 0;
    rows.VisitBelow(holders[h], code, [&](Code other) {
      kept[size] = slots_[other];
      size += kept[size] != kDropped;
    });
    uint64_t* const column = bits + h / 64;
    const uint64_t bit = uint64_t{1} << (h % 64);
    for (uint32_t k = 0; k < size; ++k) column[kept[k] * columns.words] |= bit;
  }
  for (uint32_t f = 0; f < frequent.size; ++f) slots_[frequent.codes[f]] = kDropped;
  return bits_.Mine({items, frequent.counts, bits, frequent.size}, columns, set);
}

template <class Isa, class Code, class Count>
template <class AnyRows>
bool ListSearch<Isa, Code, Count>::DescendInLists(const Node& node, const AnyRows& rows,
                                                  uint32_t code, const Frequent& frequent,
                                                  const uint32_t* holders, uint32_t count,
                                                  Set set) {
  Arena& arena = state_.arena;
  const uint32_t size = frequent.size;
  Item* const items = arena.Allocate<Item>(size);
  uint32_t* const begins = arena.Allocate<uint32_t>(size + 1);
  uint32_t* const ends = arena.Allocate<uint32_t>(size + 1);
  for (uint32_t f = 0; f < size; ++f) {
    slots_[frequent.codes[f]] = f;
    items[f] = node.items[frequent.codes[f]];
    if (kWeighted) ends[f] = 0;
  }
  if constexpr (kWeighted) {
    ends[size] = 0;
    for (uint32_t h = 0; h < count; ++h) {
      rows.VisitBelow(holders[h], code, [&](Code other) { ++ends[std::min(slots_[other], size)]; });
    }
  }
  begins[0] = 0;
  for (uint32_t f = 0; f < size; ++f) {
    begins[f + 1] = begins[f] + (kWeighted ? ends[f] : static_cast<uint32_t>(frequent.counts[f]));
    ends[f] = begins[f];
  }
  uint32_t* const lists = arena.Allocate<uint32_t>(begins[size]);
  uint32_t* const row_begins = arena.Allocate<uint32_t>(size_t{count} + 1);
  uint32_t* const kept = arena.Allocate<uint32_t>(node.size);
  const bool all = state_.query.target == Target::kAll;
  // Baskets of one extension have nothing to say about larger sets but where closures are asked.
  const uint32_t least_kept = all ? 2 : 1;
  int64_t* const weights = kWeighted ? arena.Allocate<int64_t>(count) : nullptr;
  uint32_t* const origins = all ? nullptr : arena.Allocate<uint32_t>(count);
  uint32_t baskets = 0;
  uint32_t total = 0;
  for (uint32_t h = 0; h < count; ++h) {
    rows.Prefetch(holders, h, count);
    uint32_t kept_size = 0;
    rows.VisitBelow(holders[h], code, [&](Code other) {
      kept[kept_size] = slots_[other];
      kept_size += kept[kept_size] != kDropped;
    });
    if (kept_size < least_kept) continue;
    for (uint32_t k = 0; k < kept_size; ++k) lists[ends[kept[k]]++] = baskets;
    row_begins[baskets] = total;
    total += kept_size;
    if (kWeighted) weights[baskets] = node.weight(holders[h]);
    if (!all) origins[baskets] = node.origin(holders[h]);
    ++baskets;
  }
  row_begins[baskets] = total;
  for (uint32_t f = 0; f < size; ++f) slots_[frequent.codes[f]] = kDropped;
  const Node child = {.size = size,
                      .items = items,
                      .counts = frequent.counts,
                      .begins = begins,
                      .ends = ends,
                      .holders = lists,
                      .basket_count = baskets,
                      .row_begins = row_begins,
                      .weights = weights,
                      .origins = origins};
  return Mine(child, set, [](uint32_t) { return true; });
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LIST_SEARCH_H_
