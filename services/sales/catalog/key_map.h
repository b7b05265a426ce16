#ifndef CLUSTR_SERVICES_SALES_CATALOG_KEY_MAP_H_
#define CLUSTR_SERVICES_SALES_CATALOG_KEY_MAP_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"

namespace clustr::sales {

// What the shop calls rows: their ids by key (external_id), and their keys by id. A row has at most
// one key, and a key belongs to at most one row. Not thread-safe.
class KeyMap {
 public:
  // Gives the row this key instead of the one it had; "" gives it none. A key that another row had
  // now belongs to this one: the other row lost it, and the change that says so is still to come.
  void Put(int64_t id, const std::string& key) {
    if (const auto place = key_by_id_.find(id); place != key_by_id_.end()) {
      if (*place->second == key) return;
      id_by_key_.erase(*place->second);
      key_by_id_.erase(place);
    }
    if (key.empty()) return;
    const auto [place, is_new] = id_by_key_.try_emplace(key, id);
    if (!is_new) {
      key_by_id_.erase(place->second);
      place->second = id;
    }
    key_by_id_[id] = &place->first;
  }

  void Remove(int64_t id) { Put(id, ""); }

  void Clear() {
    key_by_id_.clear();
    id_by_key_.clear();
  }

  // 0 if no row has this key.
  int64_t IdOf(const std::string& key) const {
    const auto place = id_by_key_.find(key);
    return place == id_by_key_.end() ? 0 : place->second;
  }

  // nullptr if the row has none. Valid until the next change.
  const std::string* Find(int64_t id) const {
    const auto place = key_by_id_.find(id);
    return place == key_by_id_.end() ? nullptr : place->second;
  }
  // "" if the row has none.
  std::string KeyOf(int64_t id) const {
    const std::string* key = Find(id);
    return key == nullptr ? "" : *key;
  }

  size_t size() const { return id_by_key_.size(); }

 private:
  // The keys live in the nodes of id_by_key_.
  absl::node_hash_map<std::string, int64_t> id_by_key_;
  absl::flat_hash_map<int64_t, const std::string*> key_by_id_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_KEY_MAP_H_
