#ifndef CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_TOP_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_TOP_STREAM_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/base/itemset_list.h"
#include "services/bundles/mining/base/itemset_stream.h"

namespace clustr::mining {

// Keeps the `k` itemsets of highest count; ties go to the smaller set, then to the one that is
// lexicographically smaller. Holds at most 2k + 1,024 itemsets.
class TopStream : public ItemsetStream {
 public:
  // If `raises`, min_count() rises to the lowest count that is still among the best.
  TopStream(int64_t min_count, int min_size, int max_size, size_t k, bool raises)
      : ItemsetStream(min_count, min_size, max_size), k_(k), raises_(raises) {}

  // The best itemsets, best first.
  ItemsetList TakeBest();

 protected:
  bool Take(absl::Span<const Item> items, int64_t count, int64_t subset_count) override;

 private:
  void KeepBest();

  const size_t k_;
  const bool raises_;
  ItemsetList kept_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_TOP_STREAM_H_
