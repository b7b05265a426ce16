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

// The products that share a basket with one product, ascending, and in how many baskets each does.
struct CoCountRow {
  struct Ranked {
    Item item;
    uint32_t count;
  };

  std::vector<Item> items;
  std::vector<uint32_t> counts;  // Above 0.
  // Those with the greatest counts, greatest first; of equal ones any. As many as CoCounts was made
  // for, none in a row that it did not make.
  std::vector<Ranked> ranked;

  // 0 for a product that shares no basket. About two cache misses if the items are spread evenly
  // over the dense numbers, O(log) at worst.
  uint32_t CountOf(Item item) const;
};

// The row of `item` within a selection. Costs the lines of the baskets that hold it.
CoCountRow CountTogether(const Snapshot& snapshot, const Selection& selection, Item item);

// A cache of the rows of all baskets, for the snapshots of one ShopIndex. The first request for a
// product counts its baskets; later ones, for newer or older snapshots, apply only what changed.
// Thread-safe; rows are immutable.
class CoCounts {
 public:
  // Rows take about `budget_bytes` at most; the oldest go first. Each ranks its greatest counts.
  explicit CoCounts(size_t budget_bytes = size_t{256} << 20, size_t ranked = 128)
      : budget_bytes_(budget_bytes), ranked_(ranked) {}

  // The row of `item`, exact for all baskets of `snapshot`, if nothing has to be counted for it;
  // otherwise nullptr.
  std::shared_ptr<const CoCountRow> Find(const Snapshot& snapshot, Item item) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The same, counted where it must be.
  std::shared_ptr<const CoCountRow> Get(const Snapshot& snapshot, Item item)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // A row and the state of the log that it counts.
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

  // `entry.row` brought from the state of `entry` to that of `now`, whose row is not looked at.
  static CoCountRow Move(const BasketLog& log, const Entry& entry, const Entry& now, Item item);
  std::shared_ptr<const CoCountRow> Rank(CoCountRow row) const;
  void Put(Item item, const Entry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t budget_bytes_;
  const size_t ranked_;
  mutable std::mutex mutex_;  // Not absl::Mutex: TSan cannot see into the one that Debian compiled.
  absl::flat_hash_map<Item, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::deque<Item> oldest_first_ ABSL_GUARDED_BY(mutex_);  // The keys of entries_.
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_CO_COUNTS_H_
