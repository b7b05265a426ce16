#include "services/bundles/scoring/walk/triple_counts.h"

#include <algorithm>
#include <utility>

#include "services/bundles/index/runs.h"

namespace clustr::scoring {
namespace {

constexpr size_t kMostEdges = 1'000'000;
constexpr size_t kMostCodes = UINT16_MAX - 1;
constexpr size_t kMostCounts = 8'000'000;  // They take 32 MB.
constexpr size_t kMostTriples = 300'000;
// Steps, in nanoseconds. Baskets vary in size, so that they hold more pairs than if they did not.
constexpr int64_t kStepsPerLine = 8;
constexpr double kStepsPerPair = 1.5;
constexpr double kSpread = 1.7;
constexpr double kStepsPerCount = 0.5;
constexpr int64_t kMostTimesForeseen = 3;
constexpr size_t kWordsAtOnce = 1'024;
constexpr int64_t kStepsPerEntry = 100;  // To sort them.

size_t Triangle(size_t n) { return n < 2 ? 0 : n * (n - 1) / 2; }

uint64_t KeyOf(Item a, Item b) { return uint64_t{std::min(a, b)} << 32 | std::max(a, b); }

}  // namespace

// Counts baskets. Collects many of them and takes their products one after the other, the most
// common first: so the counts of one product, and all that is collected, are in the cache.
class TripleCounts::Counter {
 public:
  Counter(TripleCounts* counts, size_t item_count, StepBudget* budget)
      : counts_(*counts),
        budget_(*budget),
        left_(kMostTimesForeseen * counts->steps_),
        code_of_(item_count, kNone),
        ends_(counts->items_.size()),
        number_of_(counts->items_.size()) {
    for (size_t k = 0; k < counts_.items_.size(); ++k) {
      code_of_[counts_.items_[k]] = static_cast<uint16_t>(k);
    }
  }

  // False if the budget runs out, or if far more is taken than was foreseen.
  bool Take(int64_t steps) {
    left_ -= steps;
    return left_ >= 0 && budget_.Take(steps);
  }

  // False if the basket holds too many products to count, or if what was collected is; see Take.
  bool Collect(absl::Span<const Item> basket) {
    const size_t begin = codes_.size();
    codes_.resize(begin + basket.size() + 1);
    size_t end = begin;
    for (const Item item : basket) {  // Has no branch, because one would be mispredicted often.
      codes_[end] = code_of_[item];
      end += code_of_[item] != kNone ? 1 : 0;
    }
    if (end - begin > kLargestBasket) return false;
    codes_.resize(end - begin < 3 ? begin : end);
    if (codes_.size() == begin) return true;
    baskets_.push_back(static_cast<uint32_t>(begin));
    return end < kMostLines || Flush();
  }

  // Counts what is collected. To be called at the end. False if Take is.
  bool Flush() {
    Sort();
    held_.resize(codes_.size());
    held_ends_ = baskets_;
    held_ends_.pop_back();
    for (size_t k = 0, line = 0; k < ends_.size(); ++k) {
      if (!CountOne(k, absl::MakeConstSpan(lines_).subspan(line, ends_[k] - line))) return false;
      line = ends_[k];
    }
    codes_.clear();
    baskets_.clear();
    return true;
  }

 private:
  static constexpr size_t kLargestBasket = 500;  // It has 20 million triples.
  static constexpr uint16_t kNone = UINT16_MAX;
  static constexpr size_t kMostLines = 200'000;  // What is collected of them takes 1.8 MB.

  // Sets lines_ to the baskets of each code, one code after the other, and ends_ to their ends.
  void Sort() {
    baskets_.push_back(static_cast<uint32_t>(codes_.size()));
    std::fill(ends_.begin(), ends_.end(), 0);
    for (const uint16_t code : codes_) ++ends_[code];
    uint32_t sum = 0;
    for (uint32_t& end : ends_) sum += std::exchange(end, sum);
    lines_.resize(sum);
    for (uint32_t b = 0; b + 1 < baskets_.size(); ++b) {
      for (uint32_t i = baskets_[b]; i < baskets_[b + 1]; ++i) lines_[ends_[codes_[i]]++] = b;
    }
  }

  // Counts code `k` in `lines`, the baskets that hold it, with the earlier codes there. False if
  // Take is.
  bool CountOne(size_t k, absl::Span<const uint32_t> lines) {
    const absl::Span<const uint16_t> earlier = counts_.EarlierOf(k);
    for (size_t i = 0; i < earlier.size(); ++i) {
      number_of_[earlier[i]] = static_cast<uint16_t>(i + 1);
    }
    uint32_t* const table = counts_.counts_.data() + counts_.tables_[k];
    for (const uint32_t b : lines) {
      const uint16_t* const begin = held_.data() + baskets_[b];
      uint16_t* const end = held_.data() + held_ends_[b]++;
      if (found_.size() <= static_cast<size_t>(end - begin)) found_.resize(2 * (end - begin) + 1);
      uint16_t* const found = found_.data();
      size_t size = 0;
      for (const uint16_t* held = begin; held < end; ++held) {
        found[size] = number_of_[*held];
        size += found[size] != 0 ? 1 : 0;
      }
      const auto pairs = static_cast<double>(Triangle(size));
      if (!Take(kStepsPerLine + static_cast<int64_t>(kStepsPerPair * pairs))) return false;
      *end = static_cast<uint16_t>(k);
      for (size_t i = 1; i < size; ++i) {
        uint32_t* const row = table + Triangle(found[i] - size_t{1});
        for (size_t j = 0; j < i; ++j) ++row[found[j] - 1];
      }
    }
    for (const uint16_t code : earlier) number_of_[code] = 0;
    return true;
  }

  TripleCounts& counts_;
  StepBudget& budget_;
  int64_t left_;                   // Steps that may be taken in all.
  std::vector<uint16_t> code_of_;  // Indexed by Item; kNone if it has no code.
  std::vector<uint16_t> codes_;    // Of one basket after the other.
  std::vector<uint32_t> baskets_;  // Where each begins in codes_ and in held_.
  std::vector<uint32_t> lines_;
  std::vector<uint32_t> ends_;
  std::vector<uint16_t> held_;       // The codes of each basket that were counted, ascending.
  std::vector<uint32_t> held_ends_;  // Where those of each basket end.
  std::vector<uint16_t> number_of_;  // Indexed by code: 1 + its number among the earlier, or 0.
  std::vector<uint16_t> found_;      // The numbers of the earlier codes in one basket.
};

TripleCounts::TripleCounts(const StrongEdges& edges, const BundleSpace& space) {
  if (edges.size() > kMostEdges) return;
  const absl::Span<const uint32_t> counts = space.single_counts();
  std::vector<uint32_t> degrees(counts.size());
  edges.ForEach([&](const StrongPair& pair) {
    ++degrees[pair.a];
    ++degrees[pair.b];
  });
  for (Item item = 0; item < degrees.size(); ++item) {
    if (degrees[item] >= 2) items_.push_back(item);
  }
  if (items_.size() > kMostCodes) return;
  std::sort(items_.begin(), items_.end(),
            [&](Item a, Item b) { return counts[a] != counts[b] ? counts[a] > counts[b] : a < b; });
  std::vector<uint16_t> code_of(degrees.size(), UINT16_MAX);
  for (size_t k = 0; k < items_.size(); ++k) code_of[items_[k]] = static_cast<uint16_t>(k);

  begins_.assign(items_.size() + 1, 0);
  std::vector<double> lines_with(items_.size());  // In how many an earlier code is with a code.
  const auto for_each = [&](auto visit) {
    edges.ForEach([&](const StrongPair& pair) {
      const auto [earlier, later] = std::minmax(code_of[pair.a], code_of[pair.b]);
      if (later != UINT16_MAX) visit(earlier, later, pair.count);
    });
  };
  for_each([&](uint16_t, uint16_t later, uint32_t count) {
    ++begins_[later];
    lines_with[later] += count;
  });
  uint32_t sum = 0;
  for (uint32_t& begin : begins_) sum += std::exchange(begin, sum);
  earlier_.resize(sum);
  std::vector<uint32_t> ends = begins_;
  for_each([&](uint16_t earlier, uint16_t later, uint32_t) { earlier_[ends[later]++] = earlier; });

  double steps = 0;
  tables_.push_back(0);
  for (size_t k = 0; k < items_.size(); ++k) {
    std::sort(earlier_.begin() + begins_[k], earlier_.begin() + begins_[k + 1]);
    tables_.push_back(tables_.back() + Triangle(EarlierOf(k).size()));
    const double lines = counts[items_[k]];
    steps += static_cast<double>(kStepsPerLine) * lines +
             kStepsPerPair * kSpread * lines_with[k] * lines_with[k] / (2 * std::max(1.0, lines));
  }
  steps += kStepsPerCount * static_cast<double>(tables_.back());
  if (tables_.back() <= kMostCounts) steps_ = static_cast<int64_t>(steps);
}

bool TripleCounts::Count(const index::Snapshot& snapshot, const BundleSpace& space,
                         StepBudget* budget) {
  Counter counter(this, snapshot.item_count(), budget);
  bool fits =
      counter.Take(static_cast<int64_t>(kStepsPerCount * static_cast<double>(tables_.back())));
  if (!fits) return false;
  counts_.assign(tables_.back(), 0);
  const auto collect = [&](const index::Run& run) {
    const Item* item = run.items.data();
    for (int b = 0; b < run.count && fits; ++b) {
      const size_t size = snapshot.items(run.first + b).size();
      fits = counter.Collect({item, size});
      item += size;
    }
  };
  const absl::Span<const uint64_t> words = space.searched().words;
  for (size_t w = 0; w < words.size() && fits; w += kWordsAtOnce) {
    index::ForEachRun(snapshot.log(), words.subspan(w, kWordsAtOnce), collect, w);
  }
  fits = fits && counter.Flush();
  fits = fits && Keep(space, budget);
  counts_ = std::vector<uint32_t>();
  return fits;
}

bool TripleCounts::Keep(const BundleSpace& space, StepBudget* budget) {
  struct Entry {
    uint64_t pair;
    ThirdProduct third;
  };
  std::vector<Entry> entries;
  const absl::Span<const uint32_t> singles = space.single_counts();
  for (size_t k = 0; k < items_.size(); ++k) {
    const absl::Span<const uint16_t> earlier = EarlierOf(k);
    const uint32_t* count = counts_.data() + tables_[k];
    for (size_t i = 1; i < earlier.size(); ++i) {
      for (size_t j = 0; j < i; ++j, ++count) {
        // The product with the lowest code is in the most baskets.
        const Item common = items_[earlier[j]];
        if (!space.MeetsCounts(*count, singles[common])) continue;
        if (entries.size() == 3 * kMostTriples) return false;
        const Item other = items_[earlier[i]];
        entries.push_back({KeyOf(common, other), {items_[k], *count}});
        entries.push_back({KeyOf(common, items_[k]), {other, *count}});
        entries.push_back({KeyOf(other, items_[k]), {common, *count}});
      }
    }
  }
  if (!budget->Take(kStepsPerEntry * static_cast<int64_t>(entries.size()))) return false;
  std::sort(entries.begin(), entries.end(), [](const Entry& x, const Entry& y) {
    return x.pair != y.pair ? x.pair < y.pair : x.third.item < y.third.item;
  });
  thirds_.reserve(entries.size());
  for (const Entry& entry : entries) {
    const auto place = static_cast<uint32_t>(thirds_.size());
    const auto [range, is_new] = places_.try_emplace(entry.pair, place, place);
    range->second.second = place + 1;
    thirds_.push_back(entry.third);
  }
  return true;
}

absl::Span<const ThirdProduct> TripleCounts::Of(Item a, Item b) const {
  const auto found = places_.find(KeyOf(a, b));
  if (found == places_.end()) return {};
  return absl::MakeConstSpan(thirds_).subspan(found->second.first,
                                              found->second.second - found->second.first);
}

uint32_t TripleCounts::CountOf(Item a, Item b, Item c) const {
  const absl::Span<const ThirdProduct> thirds = Of(a, b);
  const auto place =
      std::lower_bound(thirds.begin(), thirds.end(), c,
                       [](const ThirdProduct& third, Item item) { return third.item < item; });
  return place == thirds.end() || place->item != c ? 0 : place->count;
}

}  // namespace clustr::scoring
