#include "services/bundles/mining/delivery/top_stream.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace clustr::mining {

bool TopStream::Take(absl::Span<const Item> items, int64_t count, int64_t /*subset_count*/) {
  if (k_ == 0) return false;
  kept_.Add(items, count);
  if (kept_.size() >= 2 * k_ + 1024) KeepBest();
  return true;
}

void TopStream::KeepBest() {
  std::vector<size_t> order(kept_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (kept_.counts[a] != kept_.counts[b]) return kept_.counts[a] > kept_.counts[b];
    if (kept_[a].size() != kept_[b].size()) return kept_[a].size() < kept_[b].size();
    return kept_[a] < kept_[b];
  });
  if (order.size() > k_) order.resize(k_);
  ItemsetList best;
  for (const size_t i : order) best.Add(kept_[i], kept_.counts[i]);
  kept_ = std::move(best);
  if (raises_ && k_ > 0 && kept_.size() == k_) RaiseMinCount(kept_.counts.back());
}

ItemsetList TopStream::TakeBest() {
  KeepBest();
  return std::move(kept_);
}

}  // namespace clustr::mining
