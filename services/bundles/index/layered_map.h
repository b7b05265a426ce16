#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_LAYERED_MAP_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_LAYERED_MAP_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace clustr::index {

// A map that only gains keys, with cheap immutable views. The keys inserted between two calls of
// Publish form a layer, which is merged into the layer below unless that one is more than twice as
// large. A look-up searches O(log size) layers, largest first; all inserts together cost
// O(size log size).
//
// For one writer. A View is immutable, may be copied to and read by any thread, and may outlive the
// map.
template <typename Key, typename Value>
class LayeredMap {
  using Layer = absl::flat_hash_map<Key, Value>;
  using Layers = std::vector<std::shared_ptr<const Layer>>;

 public:
  class View {
   public:
    std::optional<Value> Find(const Key& key) const;
    size_t size() const { return size_; }
    // Calls `visit(key, value)` for every entry, in no particular order.
    template <typename Visit>
    void ForEach(Visit visit) const {
      for (const auto& layer : *layers_) {
        for (const auto& [key, value] : *layer) visit(key, value);
      }
    }

   private:
    friend class LayeredMap;
    std::shared_ptr<const Layers> layers_ = std::make_shared<const Layers>();
    size_t size_ = 0;
  };

  size_t size() const { return view_.size_ + fresh_.size(); }

  std::optional<Value> Find(const Key& key) const;

  // `key` must be new.
  void Insert(Key key, Value value) { fresh_.emplace(std::move(key), std::move(value)); }

  // A view of the current contents.
  View Publish();

  // Excludes memory that keys and values own elsewhere.
  size_t memory_bytes() const;

 private:
  Layer fresh_;  // The entries inserted since the last Publish.
  View view_;
};

template <typename Key, typename Value>
std::optional<Value> LayeredMap<Key, Value>::View::Find(const Key& key) const {
  for (const auto& layer : *layers_) {
    if (auto it = layer->find(key); it != layer->end()) return it->second;
  }
  return std::nullopt;
}

template <typename Key, typename Value>
std::optional<Value> LayeredMap<Key, Value>::Find(const Key& key) const {
  if (auto it = fresh_.find(key); it != fresh_.end()) return it->second;
  return view_.Find(key);
}

template <typename Key, typename Value>
typename LayeredMap<Key, Value>::View LayeredMap<Key, Value>::Publish() {
  if (fresh_.empty()) return view_;
  view_.size_ += fresh_.size();
  Layers layers = *view_.layers_;
  Layer top = std::exchange(fresh_, {});
  while (!layers.empty() && layers.back()->size() <= 2 * top.size()) {
    top.reserve(top.size() + layers.back()->size());
    top.insert(layers.back()->begin(), layers.back()->end());
    layers.pop_back();
  }
  layers.push_back(std::make_shared<const Layer>(std::move(top)));
  view_.layers_ = std::make_shared<const Layers>(std::move(layers));
  return view_;
}

template <typename Key, typename Value>
size_t LayeredMap<Key, Value>::memory_bytes() const {
  size_t slots = fresh_.capacity();
  for (const auto& layer : *view_.layers_) slots += layer->capacity();
  return slots * (sizeof(std::pair<const Key, Value>) + 1);
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_LAYERED_MAP_H_
