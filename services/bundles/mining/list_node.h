#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LIST_NODE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LIST_NODE_H_

#include <cstdint>

#include "services/bundles/mining/arena.h"
#include "services/bundles/mining/basket_view.h"

namespace clustr::mining {

// The baskets that hold a set, as lists: for each extension of the set (a code: 0, 1, ...) the
// local numbers of the baskets that hold it. Borrowed arrays.
template <class Count>
struct ListNode {
  uint32_t size = 0;                 // Codes.
  const Item* items = nullptr;       // By code.
  const Count* counts = nullptr;     // By code.
  const uint32_t* begins = nullptr;  // By code, into `holders`.
  const uint32_t* ends = nullptr;
  const uint32_t* holders = nullptr;
  uint32_t basket_count = 0;
  const uint32_t* row_begins = nullptr;  // By basket: entries of the baskets before; one more.
  const int64_t* weights = nullptr;      // By basket; null: 1 each.
  const uint32_t* origins = nullptr;     // By basket, its number in the input; null: the same.

  uint32_t origin(uint32_t basket) const { return origins == nullptr ? basket : origins[basket]; }
  Count weight(uint32_t basket) const {
    return weights == nullptr ? 1 : static_cast<Count>(weights[basket]);
  }
};

// The baskets of a ListNode turned round: for each the codes that were added to it, ascending.
// Codes are added in ascending order, so that when a code's turn comes a basket holds just the
// lower ones.
template <class Code>
class Rows {
 public:
  Rows(Arena& arena, const uint32_t* row_begins, uint32_t basket_count)
      : extents_(arena.Allocate<Extent>(basket_count)),
        codes_(arena.Allocate<Code>(row_begins[basket_count])) {
    for (uint32_t i = 0; i < basket_count; ++i) extents_[i] = {row_begins[i], row_begins[i]};
  }

  // Visits the codes of a basket, all below `code`, and adds that.
  template <class Visit>
  void VisitAndAdd(uint32_t basket, uint32_t code, Visit visit) {
    const Code* const end = codes_ + extents_[basket].end;
    for (const Code* at = codes_ + extents_[basket].begin; at != end; ++at) visit(*at);
    Add(basket, code);
  }
  // Visits those below `code`, which was the last to be added.
  template <class Visit>
  void VisitBelow(uint32_t basket, uint32_t /*code*/, Visit visit) const {
    const Code* const end = codes_ + extents_[basket].end - 1;
    for (const Code* at = codes_ + extents_[basket].begin; at != end; ++at) visit(*at);
  }
  void Add(uint32_t basket, uint32_t code) {
    codes_[extents_[basket].end++] = static_cast<Code>(code);
  }

  // For the baskets of a list, some time before their turn.
  static constexpr uint32_t kAhead = 24;
  static constexpr uint32_t kAheadCodes = 12;
  void Prefetch(const uint32_t* holders, uint32_t at, uint32_t count) const {
    if (at + kAhead >= count) return;
    __builtin_prefetch(extents_ + holders[at + kAhead], 1);
    __builtin_prefetch(codes_ + extents_[holders[at + kAheadCodes]].begin, 1);
  }

 private:
  struct Extent {
    uint32_t begin;
    uint32_t end;
  };

  Extent* extents_;
  Code* codes_;
};

// Rows to which all codes were added before, borrowed. The codes below one that a basket holds end
// where that comes.
template <class Code>
class FullRows {
 public:
  FullRows(const Code* codes, const uint32_t* row_begins)
      : row_begins_(row_begins), codes_(codes) {}

  template <class Visit>
  void VisitAndAdd(uint32_t basket, uint32_t code, Visit visit) const {
    VisitBelow(basket, code, visit);
  }
  template <class Visit>
  void VisitBelow(uint32_t basket, uint32_t code, Visit visit) const {
    const auto last = static_cast<Code>(code);
    for (const Code* at = codes_ + row_begins_[basket]; *at != last; ++at) visit(*at);
  }
  void Add(uint32_t, uint32_t) const {}

  void Prefetch(const uint32_t* holders, uint32_t at, uint32_t count) const {
    if (at + Rows<Code>::kAhead >= count) return;
    __builtin_prefetch(row_begins_ + holders[at + Rows<Code>::kAhead]);
    __builtin_prefetch(codes_ + row_begins_[holders[at + Rows<Code>::kAheadCodes]]);
  }

 private:
  const uint32_t* row_begins_;
  const Code* codes_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LIST_NODE_H_
