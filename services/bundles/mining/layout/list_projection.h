#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_LIST_PROJECTION_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_LIST_PROJECTION_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/layout/bit_rows.h"
#include "services/bundles/mining/layout/list_node.h"

namespace clustr::mining {

// Makes of the baskets of one code of a ListNode what the search goes on with: a smaller node, or
// rows of bits. Not thread-safe.
template <class Code, class Count>
class ListProjection {
 public:
  using Node = ListNode<Code, Count>;
  using Row = ListRow<Code, Count>;

  // For nodes of up to `size` codes; what it makes lies in `arena`. If it `looks_behind`, codes
  // above the one whose baskets are looked at matter as well.
  ListProjection(Arena& arena, uint32_t size, bool looks_behind)
      : arena_(arena), looks_behind_(looks_behind), slots_(size, kDropped), kept_(size + 1) {}

  // Visits the codes below `code`, which the row holds, and those above it if they matter.
  template <class Visit>
  void VisitBeside(const Code* row, uint32_t code, Visit visit) const {
    const Code own = static_cast<Code>(code);
    const Code* at = Row::begin(row);
    for (; *at != own; ++at) visit(*at);
    if (!looks_behind_) return;
    for (++at; at != Row::end(row); ++at) visit(*at);
  }

  // Fetches a row some time before its turn.
  void Prefetch(const Node& node, const uint32_t* places, uint32_t at, uint32_t count) const {
    constexpr uint32_t kAhead = 16;
    if (at + kAhead < count) __builtin_prefetch(node.rows + places[at + kAhead]);
  }

  Columns MakeColumns(const Node& node, const uint32_t* places, uint32_t count);

  // The baskets of `code` as columns, of `words` words, of a row for each of `frequent`; and room
  // for `lanes` words more.
  uint64_t* MakeRows(const Node& node, uint32_t code, const Frequent<Count>& frequent, size_t words,
                     uint32_t lanes);
  // Items of codes, with room for `lanes` more.
  Item* ItemsOf(const Node& node, const Frequent<Count>& frequent, uint32_t lanes) {
    Item* const items = arena_.Allocate<Item>(size_t{frequent.size} + lanes);
    for (uint32_t f = 0; f < frequent.size; ++f) items[f] = node.items[frequent.codes[f]];
    return items;
  }
  // The baskets of `code` with the codes of `frequent`, of which the first `heads` extend it.
  Node MakeNode(const Node& node, uint32_t code, const Frequent<Count>& frequent, uint32_t heads);

 private:
  static constexpr uint32_t kDropped = UINT32_MAX;

  // Fills `kept_` with the slots of a row's codes; their number.
  uint32_t Keep(const Code* row, uint32_t code) {
    uint32_t size = 0;
    VisitBeside(row, code, [&](Code other) {
      kept_[size] = slots_[other];
      size += kept_[size] != kDropped ? 1 : 0;
    });
    return size;
  }
  void SetSlots(const Frequent<Count>& frequent) {
    for (uint32_t f = 0; f < frequent.size; ++f) slots_[frequent.codes[f]] = f;
  }
  void ClearSlots(const Frequent<Count>& frequent) {
    for (uint32_t f = 0; f < frequent.size; ++f) slots_[frequent.codes[f]] = kDropped;
  }

  Arena& arena_;
  const bool looks_behind_;
  std::vector<uint32_t> slots_;  // By code: the one in the next projection; kDropped between uses.
  std::vector<uint32_t> kept_;   // Of the row that is looked at.
  std::vector<uint32_t> held_;   // By slot.
};

template <class Code, class Count>
Columns ListProjection<Code, Count>::MakeColumns(const Node& node, const uint32_t* places,
                                                 uint32_t count) {
  Columns columns = {.words = WordsFor(count)};
  if constexpr (Row::kWeighted) {
    int64_t heaviest = 1;
    for (uint32_t h = 0; h < count; ++h) {
      heaviest = std::max(heaviest, Row::Weight(node.rows + places[h]));
    }
    columns.plane_count = PlanesFor(heaviest);
    uint64_t* const planes = arena_.Allocate<uint64_t>(columns.plane_count * columns.words);
    std::fill(planes, planes + columns.plane_count * columns.words, 0);
    for (uint32_t h = 0; h < count; ++h) {
      SetWeight(Row::Weight(node.rows + places[h]), h, planes, columns.words);
    }
    columns.planes = planes;
  }
  return columns;
}

template <class Code, class Count>
uint64_t* ListProjection<Code, Count>::MakeRows(const Node& node, uint32_t code,
                                                const Frequent<Count>& frequent, size_t words,
                                                uint32_t lanes) {
  const size_t size = frequent.size * words;
  uint64_t* const rows = arena_.Allocate<uint64_t>(size + lanes);
  std::fill(rows, rows + size, 0);
  SetSlots(frequent);
  const uint32_t* const places = node.places + node.begins[code];
  const uint32_t count = node.ends[code] - node.begins[code];
  for (uint32_t h = 0; h < count; ++h) {
    Prefetch(node, places, h, count);
    const uint32_t kept = Keep(node.rows + places[h], code);
    uint64_t* const column = rows + h / 64;
    const uint64_t bit = uint64_t{1} << h % 64;
    for (uint32_t k = 0; k < kept; ++k) column[kept_[k] * words] |= bit;
  }
  ClearSlots(frequent);
  return rows;
}

template <class Code, class Count>
ListNode<Code, Count> ListProjection<Code, Count>::MakeNode(const Node& node, uint32_t code,
                                                            const Frequent<Count>& frequent,
                                                            uint32_t heads) {
  const uint32_t* const from = node.places + node.begins[code];
  const uint32_t count = node.ends[code] - node.begins[code];
  uint32_t* const begins = arena_.Allocate<uint32_t>(size_t{heads} + 1);
  uint32_t* const ends = arena_.Allocate<uint32_t>(size_t{heads} + 1);
  SetSlots(frequent);
  // How many rows at most hold each code, which weights do not tell.
  held_.assign(frequent.size, 0);
  if constexpr (Row::kWeighted) {
    for (uint32_t h = 0; h < count; ++h) {
      const uint32_t kept = Keep(node.rows + from[h], code);
      for (uint32_t k = 0; k < kept; ++k) ++held_[kept_[k]];
    }
  } else {
    for (uint32_t f = 0; f < frequent.size; ++f) held_[f] = frequent.counts[f];
  }
  size_t entries = 0;
  begins[0] = 0;
  for (uint32_t f = 0; f < frequent.size; ++f) {
    entries += held_[f];
    if (f >= heads) continue;
    begins[f + 1] = begins[f] + held_[f];
    ends[f] = begins[f];
  }
  uint32_t* const places = arena_.Allocate<uint32_t>(begins[heads]);
  Code* const rows = arena_.Allocate<Code>(entries + size_t{count} * Row::kHeader);
  // Baskets of one extension have nothing to say about larger sets but where it is looked behind.
  const uint32_t min_kept = looks_behind_ ? 1 : 2;
  Node child = {.size = heads,
                .total = frequent.size,
                .items = ItemsOf(node, frequent, 0),
                .counts = frequent.counts,
                .begins = begins,
                .ends = ends,
                .places = places,
                .rows = rows};
  uint32_t place = Row::kFirstPlace;
  for (uint32_t h = 0; h < count; ++h) {
    Prefetch(node, from, h, count);
    const Code* const row = node.rows + from[h];
    const uint32_t kept = Keep(row, code);
    if (kept < min_kept || kept_[0] >= heads) continue;
    Code* const to = rows + place;
    *to = static_cast<Code>(kept);
    Row::SetWeight(to, Row::Weight(row));
    for (uint32_t k = 0; k < kept; ++k) {
      to[k + 1] = static_cast<Code>(kept_[k]);
      if (kept_[k] < heads) places[ends[kept_[k]]++] = place;
    }
    place = Row::NextPlace(place, kept);
    ++child.row_count;
    child.entries += kept;
  }
  ClearSlots(frequent);
  return child;
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_LIST_PROJECTION_H_
