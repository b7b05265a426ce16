#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_CO_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_CO_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::index {

// The products that share a basket with one product, ascending, and the number of baskets that each
// shares with it.
struct CoCountRow {
  struct Ranked {
    Item item;
    uint32_t count;
  };

  std::vector<Item> items;
  std::vector<uint32_t> counts;  // counts[i] is that of items[i], above 0.
  // The entries with the highest counts, highest first; ties are in no particular order. Their
  // number is set by CoCounts; rows made by CountTogether have none.
  std::vector<Ranked> ranked;

  // The count of `item`, 0 if it is not in the row. About two cache misses if the items are spread
  // evenly over the dense numbers; O(log) at worst.
  uint32_t CountOf(Item item) const;
};

// The row of `item` within a selection. O(lines of the baskets that hold the item).
CoCountRow CountTogether(const Snapshot& snapshot, const Selection& selection, Item item);

// A cache of rows over all baskets, for the snapshots of one ShopIndex. The first request for a
// product counts its baskets; later requests, for newer or older snapshots, apply only the changes
// in between. Thread-safe; rows are immutable. Its lock is held for some hundred nanoseconds at
// most, without allocating or freeing rows, so a thread of low priority holds up nobody.
class CoCounts {
 public:
  // Rows take about `budget_bytes` at most; the oldest ones are evicted first. Each row ranks its
  // `ranked` highest counts.
  explicit CoCounts(size_t budget_bytes = size_t{256} << 20, size_t ranked = 128)
      : budget_bytes_(budget_bytes), ranked_(ranked) {}

  // The row of `item`, exact for all baskets of `snapshot`, if it is cached as it is; otherwise
  // nullptr.
  std::shared_ptr<const CoCountRow> Find(const Snapshot& snapshot, Item item) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The same, but counts the row or brings it up to date if necessary.
  std::shared_ptr<const CoCountRow> Get(const Snapshot& snapshot, Item item)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // A row, and the state of the log that it was counted in.
  struct Entry {
    std::shared_ptr<const CoCountRow> row;
    uint64_t log_id = 0;
    Slot slot_count = 0;
    uint32_t death_count = 0;
    ItemState state;
  };

  static bool SameRow(const Entry& a, const Entry& b);
  static Entry StateOf(const Snapshot& snapshot, Item item);
  Entry Held(Item item) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Brings `entry.row` from the state of `entry` to that of `now`, whose own row is ignored.
  static CoCountRow Move(const BasketLog& log, const Entry& entry, const Entry& now, Item item);
  std::shared_ptr<const CoCountRow> Rank(CoCountRow row) const;
  // Returns the rows that `entry` replaces or evicts, to be freed without the lock.
  [[nodiscard]] std::vector<std::shared_ptr<const CoCountRow>> Put(Item item, const Entry& entry)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const size_t budget_bytes_;
  const size_t ranked_;
  mutable std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  absl::flat_hash_map<Item, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::deque<Item> oldest_first_ ABSL_GUARDED_BY(mutex_);  // The keys of entries_.
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_CO_COUNTS_H_
