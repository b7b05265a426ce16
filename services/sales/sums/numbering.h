#ifndef CLUSTR_SERVICES_SALES_SUMS_NUMBERING_H_
#define CLUSTR_SERVICES_SALES_SUMS_NUMBERING_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace clustr::sales {

// Numbers keys from 0 in the order in which they come, so that what belongs to them can be kept in
// arrays. A key keeps its number. Used by one thread, or read by many.
template <class Key>
class Numbering {
 public:
  // The number of a key, which is numbered if it is new.
  uint32_t NumberOf(const Key& key) {
    const auto [it, is_new] = number_.try_emplace(key, static_cast<uint32_t>(keys_.size()));
    if (is_new) keys_.push_back(key);
    return it->second;
  }
  // The number of a key; unset if it has none.
  std::optional<uint32_t> Find(const Key& key) const {
    const auto it = number_.find(key);
    if (it == number_.end()) return std::nullopt;
    return it->second;
  }
  const Key& KeyOf(uint32_t number) const { return keys_[number]; }
  size_t size() const { return keys_.size(); }
  // About the bytes that this takes, without what keys own.
  size_t bytes() const {
    return number_.capacity() * (sizeof(Key) + 9) + keys_.capacity() * sizeof(Key);
  }

 private:
  absl::flat_hash_map<Key, uint32_t> number_;
  std::vector<Key> keys_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SUMS_NUMBERING_H_
