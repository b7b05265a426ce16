#include "services/bundles/mining/rules/set_counts.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <functional>

#include "absl/types/span.h"
#include "services/bundles/mining/layout/code_rows.h"
#include "services/bundles/mining/layout/vertical.h"

namespace clustr::mining {
namespace {

// The items of `sets` that are in `baskets`, in the order in which the search that found the sets
// takes them: by falling count in its baskets, ties by item.
Vertical ItemsOf(const ItemsetList& sets, const BasketView& baskets) {
  const Vertical all = CountFrequent(baskets, 1);
  std::vector<int64_t> found;  // By item, the count that its set has, and 1.
  for (size_t i = 0; i < sets.size(); ++i) {
    for (const Item item : sets[i]) {
      if (item >= found.size()) found.resize(size_t{item} + 1);
      found[item] = std::max(found[item], sets[i].size() == 1 ? sets.counts[i] + 1 : 1);
    }
  }
  std::vector<size_t> order;
  for (size_t code = 0; code < all.items.size(); ++code) {
    if (all.items[code] < found.size() && found[all.items[code]] > 0) order.push_back(code);
  }
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const Item first = all.items[a];
    const Item second = all.items[b];
    return found[first] != found[second] ? found[first] > found[second] : first < second;
  });
  Vertical vertical;
  vertical.basket_count = all.basket_count;
  for (const size_t code : order) {
    vertical.items.push_back(all.items[code]);
    vertical.counts.push_back(all.counts[code]);
  }
  AddHolders(baskets, vertical);
  return vertical;
}

// Sets of one item each.
std::vector<int64_t> CountSingles(const BasketView& baskets, const ItemsetList& sets) {
  const Vertical all = CountFrequent(baskets, 1);
  std::vector<int64_t> counts(
      all.items.empty() ? 0 : *std::max_element(all.items.begin(), all.items.end()) + size_t{1});
  for (size_t code = 0; code < all.items.size(); ++code) counts[all.items[code]] = all.counts[code];
  std::vector<int64_t> found;
  for (const Item item : sets.items) found.push_back(item < counts.size() ? counts[item] : 0);
  return found;
}

class SetCounter {
 public:
  SetCounter(const BasketView& baskets, const ItemsetList& sets, size_t max_row_bytes)
      : baskets_(baskets),
        vertical_(ItemsOf(sets, baskets)),
        root_rows_(MakeCodeRows(baskets, vertical_, 1)),
        holders_(vertical_, max_row_bytes) {
    for (uint32_t code = 0; code < vertical_.items.size(); ++code) {
      const Item item = vertical_.items[code];
      if (item >= code_of_.size()) code_of_.resize(size_t{item} + 1, kAbsent);
      code_of_[item] = code;
    }
  }

  int64_t Count(absl::Span<const Item> set) {
    codes_.clear();
    for (const Item item : set) {
      if (item >= code_of_.size() || code_of_[item] == kAbsent) return 0;
      codes_.push_back(code_of_[item]);
    }
    if (codes_.size() == 1) return vertical_.counts[codes_[0]];
    std::sort(codes_.begin(), codes_.end(), std::greater<>());
    const uint32_t last = codes_.back();
    codes_.pop_back();
    return CountBeside(Enter(), last);
  }

 private:
  static constexpr uint32_t kAbsent = UINT32_MAX;

  // The baskets that hold an item and those of the levels before.
  struct Level {
    uint32_t code = kAbsent;
    absl::Span<const uint32_t> baskets;
    std::vector<uint32_t> own;   // Where `baskets` may lie.
    size_t steps = 0;            // That counts of single items have taken.
    std::vector<uint64_t> bits;  // The baskets as a row, if that was asked for.
    bool tallied = false;
    std::vector<int64_t> tallies;   // By lower code: baskets that hold it, too. 0 unless tallied.
    std::vector<uint32_t> touched;  // Codes with a tally.
  };

  // The level of `codes_`, keeping those that are there already.
  Level& Enter() {
    size_t depth = 0;
    while (depth < codes_.size() && depth < depth_ && levels_[depth].code == codes_[depth]) ++depth;
    if (levels_.size() < codes_.size()) levels_.resize(codes_.size());
    for (; depth < codes_.size(); ++depth) {
      Level& level = levels_[depth];
      level.code = codes_[depth];
      level.steps = 0;
      level.tallied = false;
      level.bits.clear();
      for (const uint32_t code : level.touched) level.tallies[code] = 0;
      level.touched.clear();
      if (depth == 0) {
        level.baskets = holders_.list(level.code);
        continue;
      }
      const absl::Span<const uint32_t> before = levels_[depth - 1].baskets;
      if (const uint64_t* const row = holders_.Row(level.code); row != nullptr) {
        level.own.clear();
        for (const uint32_t basket : before) {
          if (HolderRows::Holds(row, basket)) level.own.push_back(basket);
        }
      } else {
        level.own.assign(before.begin(), before.end());
        holders_.KeepListed(level.code, level.own);
      }
      level.baskets = level.own;
    }
    depth_ = codes_.size();
    return levels_[depth_ - 1];
  }

  // Looks items up one by one, until all of them could have been counted at that price.
  int64_t CountBeside(Level& level, uint32_t code) {
    if (level.tallied) return level.tallies[code];
    const uint64_t* const row = holders_.Row(code);
    const size_t entries = vertical_.begins.back() / vertical_.basket_count + 1;  // Of a basket.
    const bool in_words = baskets_.weights.empty() && 2 * holders_.words() < level.baskets.size();
    const size_t steps = in_words ? holders_.words() : level.baskets.size();
    if (row == nullptr || level.steps + steps > level.baskets.size() * entries) {
      Tally(level);
      return level.tallies[code];
    }
    level.steps += steps;
    int64_t count = 0;
    if (in_words) {
      if (level.bits.empty()) MakeBits(level);
      for (size_t w = 0; w < level.bits.size(); ++w) {
        const uint64_t word = level.bits[w] & row[w];
        if (word != 0) count += std::popcount(word);
      }
    } else {
      for (const uint32_t basket : level.baskets) {
        count += HolderRows::Holds(row, basket) ? baskets_.weight(basket) : 0;
      }
    }
    return count;
  }

  void MakeBits(Level& level) const {
    level.bits.assign(holders_.words(), 0);
    for (const uint32_t basket : level.baskets) {
      level.bits[basket / 64] |= uint64_t{1} << (basket % 64);
    }
  }

  void Tally(Level& level) {
    level.tallied = true;
    level.tallies.resize(vertical_.items.size());
    if (root_rows_.narrow != nullptr) {
      Tally(root_rows_.narrow.get(), level);
    } else {
      Tally(root_rows_.wide.get(), level);
    }
  }

  template <class Code>
  void Tally(const Code* codes, Level& level) {
    for (const uint32_t basket : level.baskets) {
      const int64_t weight = baskets_.weight(basket);
      for (const Code* at = codes + vertical_.row_begins[basket]; *at != level.code; ++at) {
        if (level.tallies[*at] == 0) level.touched.push_back(*at);
        level.tallies[*at] += weight;
      }
    }
  }

  const BasketView& baskets_;
  const Vertical vertical_;
  const CodeRows root_rows_;
  HolderRows holders_;
  std::vector<uint32_t> code_of_;  // By item.
  std::vector<uint32_t> codes_;    // Of the set that is counted, the rarest first.
  std::vector<Level> levels_;
  size_t depth_ = 0;  // Levels of the set before.
};

}  // namespace

std::vector<int64_t> CountSets(const BasketView& baskets, const ItemsetList& sets,
                               SearchControl& control, size_t max_row_bytes) {
  if (sets.items.size() == sets.size()) return CountSingles(baskets, sets);
  std::vector<int64_t> counts(sets.size());
  SetCounter counter(baskets, sets, max_row_bytes);
  constexpr size_t kChecked = 1024;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (i % kChecked == 0 && !control.CheckTime()) break;
    counts[i] = counter.Count(sets[i]);
  }
  return counts;
}

}  // namespace clustr::mining
