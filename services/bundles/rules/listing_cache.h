#ifndef CLUSTR_SERVICES_BUNDLES_RULES_LISTING_CACHE_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_LISTING_CACHE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/steady_time.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/rules/rule_order.h"
#include "services/bundles/rules/sku_rule_query.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::rules {

// The rules of one state in the order that a request asked for. Its pages are slices of it.
// Immutable.
struct Listing {
  std::shared_ptr<const SkuRules> rules;
  std::vector<uint32_t> order;  // Positions in `rules`, first to last.
  int64_t sales_revision = 0;
  int64_t catalog_revision = 0;
  std::shared_ptr<const index::Snapshot> shop;  // Has the names; null for the restored floor.
  std::shared_ptr<const bundles::v1::RuleSet>
      imported;  // Where they are from; null for live rules.

  size_t memory_bytes() const {
    return rules->memory_bytes() + order.capacity() * sizeof(order[0]);
  }
};

// Identifies the contents of a listing.
struct ListingKey {
  uint64_t state = 0;  // Serial number of the state; 0 for the restored floor.
  SkuRuleQuery query = {};
  RuleOrder order = {};
  uint64_t rule_set = 0;  // Serial number of the imported rule set; 0 for live rules.

  bool operator==(const ListingKey&) const = default;
};

// Keeps listings while clients may still ask for their next pages: for 10 minutes after the last
// page, the newest 32 at most, at most 256 MiB together (but always the newest one, whatever its
// size). Thread-safe.
class ListingCache {
 public:
  static constexpr std::chrono::minutes kKept{10};
  static constexpr size_t kMaxListings = 32;
  static constexpr size_t kMaxBytes = size_t{256} << 20;

  using Clock = std::function<SteadyTime()>;
  explicit ListingCache(Clock clock, size_t max_bytes = kMaxBytes);

  struct Entry {
    int64_t id = 0;  // 1 to 2^31 - 1. Starts at a random number, so restarts hardly repeat ids.
    std::shared_ptr<const Listing> listing;
  };

  // Adds a listing and gives it an id. Evicts the oldest listings beyond the limits.
  Entry Put(ListingKey key, std::shared_ptr<const Listing> listing);
  // The listing with this key or id, kept for another 10 minutes; nullopt if there is none.
  std::optional<Entry> Find(const ListingKey& key);
  std::optional<Entry> Find(int64_t id);

 private:
  struct Kept {
    ListingKey key;
    Entry entry;
    SteadyTime last_page;
  };

  std::optional<Entry> FindIf(const std::function<bool(const Kept&)>& wanted);
  void Evict() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock clock_;
  const size_t max_bytes_;
  absl::Mutex mutex_;
  int64_t last_id_ ABSL_GUARDED_BY(mutex_);
  std::deque<Kept> kept_ ABSL_GUARDED_BY(mutex_);  // Oldest first.
};

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_LISTING_CACHE_H_
