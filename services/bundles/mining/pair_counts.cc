#include "services/bundles/mining/pair_counts.h"

#include <algorithm>
#include <array>

namespace clustr::mining {
namespace {

constexpr uint32_t kDropped = UINT32_MAX;

}  // namespace

bool PairCounts::Promising(const BasketView& baskets, const Vertical& vertical, int64_t min_count) {
  constexpr double kLinesBeyondCache = 2e6;
  constexpr double kFewLive = 0.1;
  const size_t size = vertical.items.size();
  if (size < 2 || size > kMostItems) return false;
  double total = 0;
  double expected_live = 0;
  int64_t weight = 0;
  for (size_t i = 0; i < baskets.size(); ++i) weight += baskets.weight(i);
  for (const int64_t count : vertical.counts) {
    const double lines = static_cast<double>(count);
    total += lines;
    const double commonest = static_cast<double>(vertical.counts[0]);
    if (lines * commonest >= static_cast<double>(min_count) * static_cast<double>(weight)) {
      expected_live += lines;
    }
  }
  // Long baskets have too many pairs: their lists are short in comparison.
  const double mean = total / static_cast<double>(weight);
  if (mean > 24) return false;
  return expected_live < kFewLive * total || total > kLinesBeyondCache;
}

PairCounts::PairCounts(const BasketView& baskets, const Vertical& vertical, int64_t min_count)
    : min_count_(min_count), items_(vertical.items) {
  std::sort(items_.begin(), items_.end());
  rank_of_.assign(size_t{items_.back()} + 1, kDropped);
  for (uint32_t rank = 0; rank < items_.size(); ++rank) rank_of_[items_[rank]] = rank;
  counts_.resize(items_.size());
  for (size_t code = 0; code < vertical.items.size(); ++code) {
    counts_[rank_of_[vertical.items[code]]] = vertical.counts[code];
  }
  if (baskets.weights.empty()) {
    CountPairs<uint32_t>(baskets);
  } else {
    CountPairs<int64_t>(baskets);
  }
  std::vector<uint32_t> partners(items_.size());
  for (uint32_t high = 1; high < items_.size(); ++high) {
    for (uint32_t low = 0; low < high; ++low) {
      if (count(low, high) < min_count) continue;
      ++partners[low];
      ++partners[high];
    }
  }
  is_live_.resize(items_.size());
  for (uint32_t rank = 0; rank < items_.size(); ++rank) {
    is_live_[rank] = partners[rank] >= 2;
    if (is_live_[rank]) live_.push_back(rank);
  }
}

template <class Count>
void PairCounts::CountPairs(const BasketView& baskets) {
  std::vector<Count> triangle(items_.size() * (items_.size() - 1) / 2);
  std::array<uint32_t, kMostItems + 1> ranks;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const auto weight = static_cast<Count>(baskets.weight(i));
    uint32_t size = 0;
    for (const Item item : baskets[i]) {
      if (item >= rank_of_.size()) break;
      ranks[size] = rank_of_[item];
      size += ranks[size] != kDropped;
    }
    for (uint32_t high = 1; high < size; ++high) {
      Count* const row = triangle.data() + size_t{ranks[high]} * (ranks[high] - 1) / 2;
      for (uint32_t low = 0; low < high; ++low) row[ranks[low]] += weight;
    }
  }
  triangle_.assign(triangle.begin(), triangle.end());
}

bool PairCounts::Report(bool left, ItemsetStream& stream) const {
  for (uint32_t high = 0; high < items_.size(); ++high) {
    const bool live = left && is_live_[high];
    if (!live && !stream.Put({&items_[high], 1}, counts_[high])) return false;
    if (stream.max_size() < 2) continue;
    for (uint32_t low = 0; low < high; ++low) {
      if ((live && is_live_[low]) || count(low, high) < min_count_) continue;
      const std::array<Item, 2> pair = {items_[low], items_[high]};
      if (!stream.Put(pair, count(low, high))) return false;
    }
  }
  return true;
}

PairCounts::LiveBaskets PairCounts::CutDown(const BasketView& baskets) const {
  LiveBaskets cut;
  cut.offsets.push_back(0);
  for (size_t i = 0; i < baskets.size(); ++i) {
    for (const Item item : baskets[i]) {
      if (item < rank_of_.size() && rank_of_[item] != kDropped && is_live_[rank_of_[item]]) {
        cut.items.push_back(item);
      }
    }
    if (cut.items.size() == cut.offsets.back()) continue;
    cut.offsets.push_back(cut.items.size());
    if (!baskets.weights.empty()) cut.weights.push_back(baskets.weight(i));
  }
  return cut;
}

}  // namespace clustr::mining
