#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLES_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/index/pairs/pair_table.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::index {

// Keeps the tables of all products that were counted last, for the snapshots of one ShopIndex. A
// table is made from the one whose baskets differ least: that of the same population some purchases
// ago, or that of all baskets for a population of most of them; or from the sum or the difference
// of two, such as that of the women from those of all baskets and of the men. So at most half of
// the baskets are counted if that of all baskets is kept. Whoever looks for these does not make
// others wait. Thread-safe; tables are immutable.
class PairTables {
 public:
  using TablePtr = std::shared_ptr<const PairTable>;

  // So many tables are kept at most, and among so many of them two are looked for that make a third
  // one. With 100,000 baskets, these look-ups take less than a millisecond.
  static constexpr size_t kMostTables = 256;
  static constexpr size_t kMostCombined = 16;

  // Keeps tables of at most `max_bytes` together, but always the newest one.
  explicit PairTables(size_t max_bytes = size_t{128} << 20) : max_bytes_(max_bytes) {}

  // Whether the products of the snapshot are few enough for a table.
  static bool Admits(const Snapshot& snapshot) {
    return snapshot.item_count() <= PairTable::kMaxProducts;
  }

  // The table of all products over the baskets of the selection if it is kept, otherwise nullptr.
  TablePtr Find(const Snapshot& snapshot, const Selection& selection) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same, but makes it if necessary. Requires Admits(). Errors are those of PairTable::Count.
  absl::StatusOr<TablePtr> Get(const Snapshot& snapshot, const Selection& selection, int threads,
                               PairTable::Wanted wanted) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // A table, and the baskets that it counts.
  struct Kept {
    uint64_t log_id;
    std::vector<uint64_t> words;
    int64_t baskets;
    bool everything;  // They were all baskets when they were counted.
    TablePtr table;
    size_t bytes;
  };
  using KeptPtr = std::shared_ptr<const Kept>;

  // What a table may be made from.
  struct Base {
    TablePtr table;  // Null to count it from nothing.
    TablePtr other;  // Unless it is null, is added, or taken away.
    bool add = false;
    std::vector<uint64_t> words;  // The baskets of both together.
  };

  // Those that a table of the selection can be made from, the most recently used first.
  std::vector<KeptPtr> Usable(const Snapshot& snapshot, const Selection& selection) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // That from which the table of the selection is made by the fewest baskets. Errors are those of
  // `wanted`.
  static absl::StatusOr<Base> Nearest(absl::Span<const KeptPtr> usable, const Selection& selection,
                                      PairTable::Wanted wanted);
  void Keep(Kept kept) ABSL_LOCKS_EXCLUDED(mutex_);

  const size_t max_bytes_;
  mutable std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  std::deque<KeptPtr> kept_ ABSL_GUARDED_BY(mutex_);  // Most recently used first.
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLES_H_
