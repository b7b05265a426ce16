#include "services/bundles/rules/listing_cache.h"

#include <algorithm>

#include "absl/random/random.h"

namespace clustr::rules {
namespace {

int64_t RandomId() {
  absl::BitGen random;
  return absl::Uniform<int64_t>(absl::IntervalClosed, random, 1, INT32_MAX);
}

}  // namespace

ListingCache::ListingCache(Clock clock, size_t max_bytes)
    : clock_(std::move(clock)), max_bytes_(max_bytes), last_id_(RandomId()) {}

ListingCache::Entry ListingCache::Put(ListingKey key, std::shared_ptr<const Listing> listing) {
  absl::MutexLock lock(&mutex_);
  last_id_ = last_id_ % INT32_MAX + 1;
  const Entry entry = {last_id_, std::move(listing)};
  kept_.push_back({std::move(key), entry, clock_()});
  Evict();
  return entry;
}

std::optional<ListingCache::Entry> ListingCache::Find(const ListingKey& key) {
  return FindIf([&](const Kept& kept) { return kept.key == key; });
}

std::optional<ListingCache::Entry> ListingCache::Find(int64_t id) {
  return FindIf([&](const Kept& kept) { return kept.entry.id == id; });
}

std::optional<ListingCache::Entry> ListingCache::FindIf(
    const std::function<bool(const Kept&)>& wanted) {
  absl::MutexLock lock(&mutex_);
  Evict();
  const auto found = std::find_if(kept_.begin(), kept_.end(), wanted);
  if (found == kept_.end()) return std::nullopt;
  found->last_page = clock_();
  return found->entry;
}

void ListingCache::Evict() {
  const SteadyTime expired = clock_() - kKept;
  kept_.erase(std::remove_if(kept_.begin(), kept_.end(),
                             [&](const Kept& kept) { return kept.last_page < expired; }),
              kept_.end());
  size_t bytes = 0;
  for (const Kept& kept : kept_) bytes += kept.entry.listing->memory_bytes();
  while (kept_.size() > kMaxListings || (kept_.size() > 1 && bytes > max_bytes_)) {
    bytes -= kept_.front().entry.listing->memory_bytes();
    kept_.pop_front();
  }
}

}  // namespace clustr::rules
