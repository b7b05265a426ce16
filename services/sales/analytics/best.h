#ifndef CLUSTR_SERVICES_SALES_ANALYTICS_BEST_H_
#define CLUSTR_SERVICES_SALES_ANALYTICS_BEST_H_

#include <algorithm>
#include <cstddef>

namespace clustr::sales {

// Keeps the first `limit` entries by `before`, in that order. O(entries * log(limit)) at most, and
// about O(entries) as a rule.
template <class Entries, class Before>
void KeepBest(Entries* entries, size_t limit, Before before) {
  const size_t kept = std::min(limit, entries->size());
  std::partial_sort(entries->begin(), entries->begin() + kept, entries->end(), before);
  entries->resize(kept);
}

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_ANALYTICS_BEST_H_
