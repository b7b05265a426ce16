#ifndef CLUSTR_SERVICES_BUNDLES_ANSWERS_LRU_CACHE_H_
#define CLUSTR_SERVICES_BUNDLES_ANSWERS_LRU_CACHE_H_

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace clustr::bundles {

// A cache of the most recently used values. Keys need only operator==. Thread-safe.
template <class Key, class Value>
class LruCache {
 public:
  // Keeps at most `max_entries` values of at most `max_bytes` together, but always the newest one.
  LruCache(size_t max_entries, size_t max_bytes)
      : max_entries_(max_entries), max_bytes_(max_bytes) {}

  // The value of `key`, or nullptr if it is not cached. O(entries).
  std::shared_ptr<const Value> Find(const Key& key);

  // Adds `value`, which counts as `bytes`, and evicts what exceeds the limits.
  void Put(Key key, std::shared_ptr<const Value> value, size_t bytes);

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const Value> value;
    size_t bytes;
  };

  const size_t max_entries_;
  const size_t max_bytes_;
  absl::Mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // Most recently used first.
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

template <class Key, class Value>
std::shared_ptr<const Value> LruCache<Key, Value>::Find(const Key& key) {
  absl::MutexLock lock(&mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) return nullptr;
  std::rotate(entries_.begin(), found, found + 1);
  return entries_.front().value;
}

template <class Key, class Value>
void LruCache<Key, Value>::Put(Key key, std::shared_ptr<const Value> value, size_t bytes) {
  std::deque<Entry> evicted;  // Destroyed after the lock is released.
  absl::MutexLock lock(&mutex_);
  entries_.push_front({std::move(key), std::move(value), bytes});
  bytes_ += bytes;
  while (entries_.size() > 1 && (entries_.size() > max_entries_ || bytes_ > max_bytes_)) {
    bytes_ -= entries_.back().bytes;
    evicted.push_back(std::move(entries_.back()));
    entries_.pop_back();
  }
}

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_ANSWERS_LRU_CACHE_H_
