#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_BASKET_LOG_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_BASKET_LOG_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/bundles/index/append_log.h"
#include "services/bundles/index/posting_lists.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::index {

using mining::Item;

inline constexpr Slot kNoSlot = UINT32_MAX;

// A basket without its items. Customer and texts are dense numbers.
struct BasketHeader {
  int64_t transaction_id = 0;
  uint32_t customer = 0;
  int32_t epoch_day = 0;
  uint32_t channel = 0;
  uint32_t payment_type = 0;

  bool operator==(const BasketHeader&) const = default;
};

// Every version of every non-empty basket, in columns by slot. A basket that changes dies in its
// slot and is appended in a new one, so nothing here is ever overwritten; a snapshot says which
// slots are alive. For threads see AppendLog: a snapshot carries the counts up to which it may
// read.
class BasketLog {
 public:
  // `id` must differ from that of any other log of the same ShopIndex.
  explicit BasketLog(uint64_t id) : id_(id) {}

  uint64_t id() const { return id_; }

  // Appends a basket and returns its slot. `items` must be ascending and distinct, fewer than 2^24.
  // `previous` is the previous slot of the same customer, or kNoSlot. Does not append postings; the
  // caller must.
  Slot Append(const BasketHeader& header, Slot previous, absl::Span<const Item> items);

  Slot slot_count() const { return static_cast<Slot>(transaction_ids_.size()); }

  BasketHeader header(Slot slot) const {
    return {transaction_ids_[slot], customers_[slot], epoch_days_[slot], channels_[slot],
            payment_types_[slot]};
  }
  absl::Span<const Item> items(Slot slot) const {
    const uint64_t extent = extents_[slot];
    return {&items_[extent >> kSizeBits], extent & kSizeMask};
  }

  // The items of the `count` >= 1 baskets from slot `first`, one basket after the other. Empty if
  // they are not contiguous; slots in one 64-bit word usually are.
  absl::Span<const Item> AdjacentItems(Slot first, int count) const;

  // Columns for scans; AppendLog says which elements are contiguous.
  const AppendLog<int64_t>& transaction_ids() const { return transaction_ids_; }
  const AppendLog<uint32_t>& customers() const { return customers_; }
  const AppendLog<int32_t>& epoch_days() const { return epoch_days_; }
  const AppendLog<uint32_t>& channels() const { return channels_; }
  const AppendLog<uint32_t>& payment_types() const { return payment_types_; }
  // The previous slot of the same customer, alive or not; kNoSlot ends the chain.
  const AppendLog<Slot>& previous() const { return previous_; }

  // The posting lists: the slots of each item.
  const PostingLists& postings() const { return postings_; }
  PostingLists& postings() { return postings_; }
  // The dead slots in order of their deaths.
  const AppendLog<Slot>& deaths() const { return deaths_; }
  AppendLog<Slot>& deaths() { return deaths_; }

  size_t memory_bytes() const;

 private:
  static constexpr int kSizeBits = 24;
  static constexpr uint64_t kSizeMask = (1 << kSizeBits) - 1;

  const uint64_t id_;
  AppendLog<int64_t> transaction_ids_;
  AppendLog<uint32_t> customers_;
  AppendLog<int32_t> epoch_days_;
  AppendLog<uint32_t> channels_;
  AppendLog<uint32_t> payment_types_;
  AppendLog<Slot> previous_;
  AppendLog<uint64_t> extents_;  // Index of the first item; in the low kSizeBits, number of items.
  AppendLog<Item> items_;
  PostingLists postings_;
  AppendLog<Slot> deaths_;
};

inline absl::Span<const Item> BasketLog::AdjacentItems(Slot first, int count) const {
  const uint64_t begin = extents_[first] >> kSizeBits;
  const uint64_t last = extents_[first + count - 1];
  const uint64_t end = (last >> kSizeBits) + (last & kSizeMask);
  if (!items_.Adjacent(begin, end)) return {};
  return {&items_[begin], end - begin};
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_BASKET_LOG_H_
