#ifndef CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_FITTING_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_FITTING_STREAM_H_

#include <cstdint>
#include <map>

#include "services/bundles/mining/base/itemset_stream.h"

namespace clustr::mining {

// Counts itemsets instead of keeping them. Whenever there are more than `max_itemsets`, it raises
// min_count() above their lowest count. After a search for all or closed itemsets, min_count() is
// the lowest value with which the search finds at most `max_itemsets`.
class FittingStream : public ItemsetStream {
 public:
  FittingStream(int64_t min_count, int min_size, int max_size, int64_t max_itemsets)
      : ItemsetStream(min_count, min_size, max_size), max_itemsets_(max_itemsets) {}

 protected:
  bool Take(absl::Span<const Item> items, int64_t count, int64_t /*subset_count*/) override {
    ++itemsets_[count];
    ++total_;
    while (total_ > max_itemsets_) {
      const auto lowest = itemsets_.begin();
      total_ -= lowest->second;
      RaiseMinCount(lowest->first + 1);
      itemsets_.erase(lowest);
    }
    return true;
  }

 private:
  const int64_t max_itemsets_;
  std::map<int64_t, int64_t> itemsets_;  // Number of itemsets by count.
  int64_t total_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_FITTING_STREAM_H_
