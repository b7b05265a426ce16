#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_SEARCH_QUERY_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_SEARCH_QUERY_H_

#include <cstdint>

namespace clustr::mining {

// Which of the frequent itemsets are wanted.
enum class Target {
  kAll,
  kClosed,   // No proper superset has the same count.
  kMaximal,  // No proper superset is frequent.
};

// The part of an ItemsetQuery that the search itself reads.
struct SearchQuery {
  int64_t min_count = 1;
  int max_size = 4;
  Target target = Target::kAll;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_SEARCH_QUERY_H_
