#include "services/bundles/mining/rules/set_counts.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <functional>
#include <utility>

#include "absl/types/span.h"
#include "services/bundles/mining/layout/coded_baskets.h"
#include "services/bundles/mining/layout/tid_lists.h"

namespace clustr::mining {
namespace {

// The tid-lists of those items of `sets` that occur in `baskets`. Codes are in the order in which
// the search that found the sets took the items: by descending count in its baskets, ties by item.
TidLists TidListsOf(const ItemsetList& sets, const BasketView& baskets) {
  const FrequentItems all = CountFrequentItems(baskets, 1);
  // Indexed by item: the count of its single-item set plus 1, or 1 if only larger sets contain it.
  std::vector<int64_t> found;
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
  FrequentItems found_items;
  for (const size_t code : order) {
    found_items.items.push_back(all.items[code]);
    found_items.counts.push_back(all.counts[code]);
  }
  return MakeTidLists(baskets, std::move(found_items));
}

// The counts of sets of one item each.
std::vector<int64_t> CountSingles(const BasketView& baskets, const ItemsetList& sets) {
  const FrequentItems all = CountFrequentItems(baskets, 1);
  std::vector<int64_t> counts(
      all.items.empty() ? 0 : *std::max_element(all.items.begin(), all.items.end()) + size_t{1});
  for (size_t code = 0; code < all.items.size(); ++code) counts[all.items[code]] = all.counts[code];
  std::vector<int64_t> found;
  for (const Item item : sets.items) found.push_back(item < counts.size() ? counts[item] : 0);
  return found;
}

class SetCounter {
 public:
  SetCounter(const BasketView& baskets, const ItemsetList& sets, size_t max_bitmap_bytes)
      : baskets_(baskets),
        tid_lists_(TidListsOf(sets, baskets)),
        coded_baskets_(MakeCodedBaskets(baskets, tid_lists_, 1)),
        bitmaps_(tid_lists_, max_bitmap_bytes) {
    for (uint32_t code = 0; code < tid_lists_.frequent.items.size(); ++code) {
      const Item item = tid_lists_.frequent.items[code];
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
    if (codes_.size() == 1) return tid_lists_.frequent.counts[codes_[0]];
    std::sort(codes_.begin(), codes_.end(), std::greater<>());
    const uint32_t last = codes_.back();
    codes_.pop_back();
    return CountWith(Enter(), last);
  }

 private:
  static constexpr uint32_t kAbsent = UINT32_MAX;

  // The tids of the baskets that contain the first codes of `codes_`, up to `code`.
  struct Level {
    uint32_t code = kAbsent;
    absl::Span<const uint32_t> tids;
    std::vector<uint32_t> own_tids;  // Backs `tids` unless those are a whole tid-list.
    size_t steps = 0;                // Steps spent so far on counting single codes.
    std::vector<uint64_t> bitmap;    // The tids as a bitmap, once needed.
    bool tallied = false;
    std::vector<int64_t>
        tallies;  // Indexed by lower code: count together with it. 0 unless tallied.
    std::vector<uint32_t> touched;  // Codes whose tally is not 0.
  };

  // Returns the level of `codes_`. Reuses the levels that it shares with the previous set.
  Level& Enter() {
    size_t depth = 0;
    while (depth < codes_.size() && depth < depth_ && levels_[depth].code == codes_[depth]) ++depth;
    if (levels_.size() < codes_.size()) levels_.resize(codes_.size());
    for (; depth < codes_.size(); ++depth) {
      Level& level = levels_[depth];
      level.code = codes_[depth];
      level.steps = 0;
      level.tallied = false;
      level.bitmap.clear();
      for (const uint32_t code : level.touched) level.tallies[code] = 0;
      level.touched.clear();
      if (depth == 0) {
        level.tids = bitmaps_.TidList(level.code);
        continue;
      }
      const absl::Span<const uint32_t> before = levels_[depth - 1].tids;
      if (const uint64_t* const bitmap = bitmaps_.Bitmap(level.code); bitmap != nullptr) {
        level.own_tids.clear();
        for (const uint32_t tid : before) {
          if (TidBitmaps::Contains(bitmap, tid)) level.own_tids.push_back(tid);
        }
      } else {
        level.own_tids.assign(before.begin(), before.end());
        bitmaps_.IntersectWithList(level.code, level.own_tids);
      }
      level.tids = level.own_tids;
    }
    depth_ = codes_.size();
    return levels_[depth_ - 1];
  }

  // Counts codes one by one, until counting all of them at once would have cost as much.
  int64_t CountWith(Level& level, uint32_t code) {
    if (level.tallied) return level.tallies[code];
    const uint64_t* const bitmap = bitmaps_.Bitmap(code);
    // Mean per basket.
    const size_t entries = tid_lists_.begins.back() / tid_lists_.basket_count + 1;
    const bool in_words = baskets_.weights.empty() && 2 * bitmaps_.words() < level.tids.size();
    const size_t steps = in_words ? bitmaps_.words() : level.tids.size();
    if (bitmap == nullptr || level.steps + steps > level.tids.size() * entries) {
      Tally(level);
      return level.tallies[code];
    }
    level.steps += steps;
    int64_t count = 0;
    if (in_words) {
      if (level.bitmap.empty()) MakeBitmap(level);
      for (size_t w = 0; w < level.bitmap.size(); ++w) {
        const uint64_t word = level.bitmap[w] & bitmap[w];
        if (word != 0) count += std::popcount(word);
      }
    } else {
      for (const uint32_t tid : level.tids) {
        count += TidBitmaps::Contains(bitmap, tid) ? baskets_.weight(tid) : 0;
      }
    }
    return count;
  }

  void MakeBitmap(Level& level) const {
    level.bitmap.assign(bitmaps_.words(), 0);
    for (const uint32_t tid : level.tids) {
      level.bitmap[tid / 64] |= uint64_t{1} << (tid % 64);
    }
  }

  void Tally(Level& level) {
    level.tallied = true;
    level.tallies.resize(tid_lists_.frequent.items.size());
    if (coded_baskets_.narrow != nullptr) {
      Tally(coded_baskets_.narrow.get(), level);
    } else {
      Tally(coded_baskets_.wide.get(), level);
    }
  }

  template <class Code>
  void Tally(const Code* codes, Level& level) {
    for (const uint32_t tid : level.tids) {
      const int64_t weight = baskets_.weight(tid);
      for (const Code* at = codes + tid_lists_.basket_begins[tid]; *at != level.code; ++at) {
        if (level.tallies[*at] == 0) level.touched.push_back(*at);
        level.tallies[*at] += weight;
      }
    }
  }

  const BasketView& baskets_;
  const TidLists tid_lists_;
  const CodedBaskets coded_baskets_;
  TidBitmaps bitmaps_;
  std::vector<uint32_t> code_of_;  // Indexed by item.
  std::vector<uint32_t> codes_;    // Codes of the current set, rarest first.
  std::vector<Level> levels_;
  size_t depth_ = 0;  // Number of levels of the previous set.
};

}  // namespace

std::vector<int64_t> CountSets(const BasketView& baskets, const ItemsetList& sets,
                               SearchControl& control, size_t max_bitmap_bytes) {
  if (sets.items.size() == sets.size()) return CountSingles(baskets, sets);
  std::vector<int64_t> counts(sets.size());
  SetCounter counter(baskets, sets, max_bitmap_bytes);
  constexpr size_t kChecked = 1024;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (i % kChecked == 0 && !control.CheckTime()) break;
    counts[i] = counter.Count(sets[i]);
  }
  return counts;
}

}  // namespace clustr::mining
