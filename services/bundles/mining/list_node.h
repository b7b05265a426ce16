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
// Codes are added in ascending order, so that up to a code a basket holds just the lower ones. Rows
// that are full from the start look the same up to there.
template <class Code>
class Rows {
 public:
  Rows(Arena& arena, const uint32_t* row_begins, uint32_t basket_count)
      : Rows(arena, row_begins, basket_count, arena.Allocate<Extent>(basket_count)) {}
  // Borrows full rows.
  Rows(const Code* codes, const uint32_t* row_begins)
      : begins_(row_begins), full_codes_(codes), codes_(nullptr) {}

  bool full() const { return codes_ == nullptr; }
  // The codes of a basket; behind those below one that it holds, and that was added, is that one.
  const Code* begin(uint32_t basket) const {
    return full_codes_ + begins_[size_t{basket} << shift_];
  }
  // Rows must not be full.
  void Add(uint32_t basket, uint32_t code) {
    codes_[extents_[basket].end++] = static_cast<Code>(code);
  }

  // For the baskets of a list, some time before their turn.
  static constexpr uint32_t kAhead = 24;
  static constexpr uint32_t kAheadCodes = 12;
  void Prefetch(const uint32_t* holders, uint32_t at, uint32_t count) const {
    if (at + kAhead >= count) return;
    __builtin_prefetch(begins_ + (size_t{holders[at + kAhead]} << shift_), 1);
    __builtin_prefetch(begin(holders[at + kAheadCodes]), 1);
  }

 private:
  struct Extent {
    uint32_t begin;
    uint32_t end;
  };

  Rows(Arena& arena, const uint32_t* row_begins, uint32_t basket_count, Extent* extents)
      : begins_(&extents->begin),
        shift_(1),
        codes_(arena.Allocate<Code>(row_begins[basket_count])),
        extents_(extents) {
    full_codes_ = codes_;
    for (uint32_t i = 0; i < basket_count; ++i) extents_[i] = {row_begins[i], row_begins[i]};
  }

  const uint32_t* begins_;  // Basket i's at i << shift_.
  uint32_t shift_ = 0;
  const Code* full_codes_;
  Code* codes_;
  Extent* extents_ = nullptr;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LIST_NODE_H_
