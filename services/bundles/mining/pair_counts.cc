#include "services/bundles/mining/pair_counts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/bundles/mining/in_parts.h"

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
  auto weight = static_cast<int64_t>(baskets.weights.empty() ? baskets.size() : 0);
  if (weight == 0) {
    for (size_t i = 0; i < baskets.size(); ++i) weight += baskets.weight(i);
  }
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

PairCounts::PairCounts(const BasketView& baskets, const Vertical& vertical, int64_t min_count,
                       int threads)
    : min_count_(min_count), items_(vertical.items) {
  std::sort(items_.begin(), items_.end());
  rank_of_.assign(size_t{items_.back()} + 1, kDropped);
  for (uint32_t rank = 0; rank < items_.size(); ++rank) rank_of_[items_[rank]] = rank;
  counts_.resize(items_.size());
  for (size_t code = 0; code < vertical.items.size(); ++code) {
    counts_[rank_of_[vertical.items[code]]] = vertical.counts[code];
  }
  if (baskets.weights.empty()) {
    CountPairs<uint32_t>(baskets, threads);
  } else {
    CountPairs<int64_t>(baskets, threads);
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
void PairCounts::CountPairs(const BasketView& baskets, int threads) {
  // Pairs of a basket are counted four at a time. Those too many belong to cells right of the
  // diagonal, which a square has room for and nobody looks at.
  const size_t side = (items_.size() + 3) / 4 * 4 + 4;
  std::vector<std::vector<Count>> squares(PartsFor(baskets.size(), threads));
  InParts(squares.size(), baskets.size(), [&](size_t part, size_t begin, size_t end) {
    std::vector<Count> square(items_.size() * side);
    std::array<uint32_t, kMostItems + 4> ranks;
    for (size_t i = begin; i < end; ++i) {
      const auto weight = static_cast<Count>(baskets.weight(i));
      uint32_t size = 0;
      for (const Item item : baskets[i]) {
        if (item >= rank_of_.size()) break;
        ranks[size] = rank_of_[item];
        size += ranks[size] != kDropped;
      }
      for (uint32_t pad = 0; pad < 4; ++pad) ranks[size + pad] = static_cast<uint32_t>(side) - 1;
      for (uint32_t high = 1; high < size; ++high) {
        Count* const row = square.data() + ranks[high] * side;
        for (uint32_t low = 0; low < high; low += 4) {
          row[ranks[low]] += weight;
          row[ranks[low + 1]] += weight;
          row[ranks[low + 2]] += weight;
          row[ranks[low + 3]] += weight;
        }
      }
    }
    squares[part] = std::move(square);
  });
  triangle_.resize(items_.size() * (items_.size() - 1) / 2);
  int64_t* to = triangle_.data();
  for (size_t high = 1; high < items_.size(); ++high) {
    for (size_t low = 0; low < high; ++low, ++to) {
      for (const std::vector<Count>& square : squares) *to += square[high * side + low];
    }
  }
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

PairCounts::LiveBaskets PairCounts::CutDown(const BasketView& baskets, int threads) const {
  std::vector<uint8_t> is_live(rank_of_.size());  // By item.
  for (const uint32_t rank : live_) is_live[items_[rank]] = 1;
  std::vector<LiveBaskets> parts(PartsFor(baskets.size(), threads));
  InParts(parts.size(), baskets.size(), [&](size_t part, size_t begin, size_t end) {
    LiveBaskets& cut = parts[part];
    cut.offsets.push_back(0);
    size_t size = 0;
    for (size_t i = begin; i < end; ++i) {
      const absl::Span<const Item> basket = baskets[i];
      if (cut.items.size() < size + basket.size()) {
        cut.items.resize(2 * cut.items.size() + basket.size());
      }
      const size_t before = size;
      for (const Item item : basket) {
        if (item >= is_live.size()) break;
        cut.items[size] = item;
        size += is_live[item];
      }
      if (size == before) continue;
      cut.offsets.push_back(size);
      if (!baskets.weights.empty()) cut.weights.push_back(baskets.weight(i));
    }
    cut.items.resize(size);
  });
  LiveBaskets all = std::move(parts[0]);
  for (size_t part = 1; part < parts.size(); ++part) {
    const LiveBaskets& next = parts[part];
    const uint64_t before = all.items.size();
    all.items.insert(all.items.end(), next.items.begin(), next.items.end());
    all.weights.insert(all.weights.end(), next.weights.begin(), next.weights.end());
    for (size_t i = 1; i < next.offsets.size(); ++i) {
      all.offsets.push_back(before + next.offsets[i]);
    }
  }
  return all;
}

}  // namespace clustr::mining
