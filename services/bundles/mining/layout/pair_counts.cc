#include "services/bundles/mining/layout/pair_counts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/bundles/mining/base/parallel_parts.h"

namespace clustr::mining {
namespace {

constexpr uint32_t kDropped = UINT32_MAX;

// Length of each line of the square, with room for counting four pairs at a time.
size_t SideOf(size_t items) { return (items + 3) / 4 * 4 + 4; }

}  // namespace

bool PairCounts::Promising(const BasketView& baskets, const FrequentItems& frequent,
                           int64_t min_count) {
  constexpr double kLinesBeyondCache = 2e6;
  constexpr size_t kMaxItemsBeyondCache = 512;
  constexpr double kFewLive = 0.1;
  const size_t size = frequent.items.size();
  if (size < 2 || size > kMaxItems) return false;
  double total = 0;
  double expected_live = 0;
  auto weight = static_cast<int64_t>(baskets.weights.empty() ? baskets.size() : 0);
  if (weight == 0) {
    for (size_t i = 0; i < baskets.size(); ++i) weight += baskets.weight(i);
  }
  for (const int64_t count : frequent.counts) {
    const double lines = static_cast<double>(count);
    total += lines;
    const double commonest = static_cast<double>(frequent.counts[0]);
    if (lines * commonest >= static_cast<double>(min_count) * static_cast<double>(weight)) {
      expected_live += lines;
    }
  }
  // Long baskets have too many pairs; searching their tid-lists costs less.
  const double mean = total / static_cast<double>(weight);
  if (mean > 24) return false;
  return expected_live < kFewLive * total ||
         (total > kLinesBeyondCache && size <= kMaxItemsBeyondCache);
}

int64_t PairCounts::MemoryBytes(const BasketView& baskets, size_t items, int threads) {
  const size_t count_bytes = baskets.weights.empty() ? sizeof(uint32_t) : sizeof(int64_t);
  const size_t squares = PartCount(baskets.size(), threads) * items * SideOf(items) * count_bytes;
  return static_cast<int64_t>(squares + items * (items - 1) / 2 * sizeof(int64_t));
}

PairCounts::PairCounts(const BasketView& baskets, const FrequentItems& frequent, int64_t min_count,
                       int threads)
    : min_count_(min_count), items_(frequent.items) {
  std::sort(items_.begin(), items_.end());
  rank_of_.assign(size_t{items_.back()} + 1, kDropped);
  for (uint32_t rank = 0; rank < items_.size(); ++rank) rank_of_[items_[rank]] = rank;
  counts_.resize(items_.size());
  for (size_t code = 0; code < frequent.items.size(); ++code) {
    counts_[rank_of_[frequent.items[code]]] = frequent.counts[code];
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
  // Pairs of a basket are counted four at a time. The surplus falls into cells right of the
  // diagonal, for which the square has room and which are never read.
  const size_t side = SideOf(items_.size());
  std::vector<std::vector<Count>> squares(PartCount(baskets.size(), threads));
  ForEachPart(squares.size(), baskets.size(), [&](size_t part, size_t begin, size_t end) {
    std::vector<Count> square(items_.size() * side);
    std::array<uint32_t, kMaxItems + 4> ranks;
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

bool PairCounts::Report(bool search_follows, ItemsetStream& stream) const {
  for (uint32_t high = 0; high < items_.size(); ++high) {
    const bool live = search_follows && is_live_[high];
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

FrequentItems PairCounts::LiveItems() const {
  std::vector<uint32_t> ranks = live_;
  std::stable_sort(ranks.begin(), ranks.end(),
                   [&](uint32_t a, uint32_t b) { return counts_[a] > counts_[b]; });
  FrequentItems live;
  for (const uint32_t rank : ranks) {
    live.items.push_back(items_[rank]);
    live.counts.push_back(counts_[rank]);
  }
  return live;
}

RootPairs PairCounts::LivePairs(const FrequentItems& live) const {
  const auto size = static_cast<uint32_t>(live.items.size());
  RootPairs pairs;
  pairs.begins.push_back(0);
  pairs.words = (size + 63) / 64;
  pairs.bits.resize(size * pairs.words);
  for (uint32_t code = 0; code < size; ++code) {
    const uint32_t rank = rank_of_[live.items[code]];
    for (uint32_t partner = 0; partner < code; ++partner) {
      const uint32_t other = rank_of_[live.items[partner]];
      const int64_t both = count(std::min(rank, other), std::max(rank, other));
      if (both < min_count_) continue;
      pairs.codes.push_back(partner);
      pairs.counts.push_back(both);
      pairs.bits[code * pairs.words + partner / 64] |= uint64_t{1} << partner % 64;
      pairs.bits[partner * pairs.words + code / 64] |= uint64_t{1} << code % 64;
    }
    pairs.begins.push_back(static_cast<uint32_t>(pairs.codes.size()));
  }
  return pairs;
}

}  // namespace clustr::mining
