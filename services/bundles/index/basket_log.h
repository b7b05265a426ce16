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

// A basket without its items. Customer and texts as dense numbers.
struct BasketHeader {
  int64_t transaction_id = 0;
  uint32_t customer = 0;
  int32_t epoch_day = 0;
  uint32_t channel = 0;
  uint32_t payment_type = 0;

  bool operator==(const BasketHeader&) const = default;
};

// Every non-empty basket that ever was, in columns by slot. A basket that changes dies in its slot
// and comes back in a new one, so nothing here is ever overwritten; who is alive is for a snapshot
// to say. Threads: see AppendLog; a snapshot carries the counts that it may read up to.
class BasketLog {
 public:
  // `id` differs from that of any other log of the same ShopIndex.
  explicit BasketLog(uint64_t id) : id_(id) {}

  uint64_t id() const { return id_; }

  // Appends a basket of ascending, distinct `items`, fewer than 2^24. `previous` is the slot before
  // of the same customer, or kNoSlot. Returns its slot. Postings are the caller's to append.
  Slot Append(const BasketHeader& header, Slot previous, absl::Span<const Item> items) {
    const Slot slot = slot_count();
    transaction_ids_.Append(header.transaction_id);
    customers_.Append(header.customer);
    epoch_days_.Append(header.epoch_day);
    channels_.Append(header.channel);
    payment_types_.Append(header.payment_type);
    previous_.Append(previous);
    extents_.Append(items_.AppendRun(items) << kSizeBits | items.size());
    return slot;
  }

  Slot slot_count() const { return static_cast<Slot>(transaction_ids_.size()); }

  BasketHeader header(Slot slot) const {
    return {transaction_ids_[slot], customers_[slot], epoch_days_[slot], channels_[slot],
            payment_types_[slot]};
  }
  absl::Span<const Item> items(Slot slot) const {
    const uint64_t extent = extents_[slot];
    return {&items_[extent >> kSizeBits], extent & kSizeMask};
  }

  // The items of `count` >= 1 slots from `first`, one basket behind the other; empty if they do not
  // lie so. Slots of one word of bits seldom do not.
  absl::Span<const Item> AdjacentItems(Slot first, int count) const {
    const uint64_t begin = extents_[first] >> kSizeBits;
    const uint64_t last = extents_[first + count - 1];
    const uint64_t end = (last >> kSizeBits) + (last & kSizeMask);
    if (!items_.Adjacent(begin, end)) return {};
    return {&items_[begin], end - begin};
  }

  // Columns, for scans: &column(...)[slot] is contiguous as AppendLog says.
  const AppendLog<int64_t>& transaction_ids() const { return transaction_ids_; }
  const AppendLog<uint32_t>& customers() const { return customers_; }
  const AppendLog<int32_t>& epoch_days() const { return epoch_days_; }
  const AppendLog<uint32_t>& channels() const { return channels_; }
  const AppendLog<uint32_t>& payment_types() const { return payment_types_; }
  // The slot before of the same customer, alive or not; kNoSlot ends the chain.
  const AppendLog<Slot>& previous() const { return previous_; }

  // Slots by item.
  const PostingLists& postings() const { return postings_; }
  PostingLists& postings() { return postings_; }
  // Slots in order of death.
  const AppendLog<Slot>& deaths() const { return deaths_; }
  AppendLog<Slot>& deaths() { return deaths_; }

  size_t memory_bytes() const {
    return transaction_ids_.memory_bytes() + customers_.memory_bytes() +
           epoch_days_.memory_bytes() + channels_.memory_bytes() + payment_types_.memory_bytes() +
           previous_.memory_bytes() + extents_.memory_bytes() + items_.memory_bytes() +
           postings_.memory_bytes() + deaths_.memory_bytes();
  }

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
  AppendLog<uint64_t> extents_;  // Place of the first item, and in the low kSizeBits their number.
  AppendLog<Item> items_;
  PostingLists postings_;
  AppendLog<Slot> deaths_;
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_BASKET_LOG_H_
