#include "services/bundles/index/basket_log.h"

namespace clustr::index {

Slot BasketLog::Append(const BasketHeader& header, Slot previous, absl::Span<const Item> items) {
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

size_t BasketLog::memory_bytes() const {
  return transaction_ids_.memory_bytes() + customers_.memory_bytes() + epoch_days_.memory_bytes() +
         channels_.memory_bytes() + payment_types_.memory_bytes() + previous_.memory_bytes() +
         extents_.memory_bytes() + items_.memory_bytes() + postings_.memory_bytes() +
         deaths_.memory_bytes();
}

}  // namespace clustr::index
