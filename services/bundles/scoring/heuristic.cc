#include "services/bundles/scoring/heuristic.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/bundles/index/pairs/pair_table.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/mining/measures/support.h"

namespace clustr::scoring {
namespace {

constexpr int64_t kMaxReferencePairs = 20'000'000;
constexpr int64_t kMaxRarerPairs = 8'000'000;
constexpr int64_t kMaxCounted = 200'000'000;  // Takes about a second.
constexpr int64_t kSeenBetweenChecks = 4096;

// Measures the pairs of a population, given the number of its baskets that hold each Item.
class PairMeasurer {
 public:
  PairMeasurer(absl::Span<const uint32_t> single_counts, int64_t basket_count)
      : single_counts_(single_counts), basket_count_(basket_count) {}

  PairMeasures operator()(const StrongPair& pair) const {
    return MeasurePair({.count_a = single_counts_[pair.a],
                        .count_b = single_counts_[pair.b],
                        .count_ab = pair.count,
                        .basket_count = basket_count_});
  }

 private:
  absl::Span<const uint32_t> single_counts_;
  int64_t basket_count_;
};

// The number of pairs in all baskets together.
int64_t CountedPairs(const mining::BasketView& baskets) {
  int64_t pairs = 0;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const auto size = static_cast<int64_t>(baskets[i].size());
    pairs += size * (size - 1) / 2;
  }
  return pairs;
}

// Limits on the work of MinePairs.
struct PairLimits {
  int64_t max_pairs;    // Pairs that are visited.
  int64_t max_counted;  // Pairs in all baskets together, unless a table of them is kept.
};

// A lower bound on the number of pairs of kept products in all baskets together: there are fewest
// if all baskets have the same size.
double LeastPairs(absl::Span<const uint32_t> counts, absl::Span<const uint8_t> kept,
                  int64_t basket_count) {
  double lines = 0;
  for (Item item = 0; item < kept.size(); ++item) lines += kept[item] ? counts[item] : 0;
  return lines * (lines / static_cast<double>(std::max<int64_t>(1, basket_count)) - 1) / 2;
}

// Mines the pairs within the bounds, whose `allowed` must have all items.
template <typename Visit>
absl::Status MineSparsePairs(const index::Snapshot& snapshot, const index::Selection& selection,
                             const PairBounds& bounds, const PairLimits& limits, Wanted wanted,
                             Visit visit) {
  const index::Projection projection =
      Project(snapshot, selection,
              {.min_count = bounds.min_count, .allowed = bounds.allowed, .min_basket_size = 2});
  if (CountedPairs(projection.view()) > limits.max_counted) {
    return absl::ResourceExhaustedError("the baskets hold too many pairs to count");
  }
  std::atomic<bool> cancelled{false};
  absl::Status still;
  int64_t seen = 0;
  const absl::Status mined = mining::MineItemsets(
      projection.view(),
      {.min_count = bounds.min_count,
       .min_size = 2,
       .max_size = 2,
       .max_itemsets = limits.max_pairs,
       .limits = {.cancelled = &cancelled}},
      [&](absl::Span<const Item> items, int64_t count) {
        if (++seen % kSeenBetweenChecks == 0 && still.ok()) still = wanted();
        if (!still.ok()) cancelled = true;
        visit(items[0], items[1], static_cast<uint32_t>(count));
      });
  return still.ok() ? mined : still;
}

// Room for all pairs of `items` products, or for the most that are kept. What is not used of it
// takes no memory, while to move pairs to ever more of it takes as long as to count them.
std::vector<StrongPair> RoomForPairs(size_t items) {
  std::vector<StrongPair> pairs;
  pairs.reserve(std::min(items * items / 2, static_cast<size_t>(kMaxRarerPairs)));
  return pairs;
}

// The products that a pair within the bounds may have: kept[i] != 0 for each Item i.
std::vector<uint8_t> KeptItems(absl::Span<const uint32_t> counts, const PairBounds& bounds) {
  std::vector<uint8_t> kept(counts.size());
  for (Item item = 0; item < kept.size(); ++item) {
    const bool allowed = bounds.allowed.empty() ||
                         (item < bounds.allowed.size() && bounds.allowed[item] != 0);
    kept[item] = allowed && counts[item] >= bounds.min_count;
  }
  return kept;
}

// The table that has all pairs of the kept products, and perhaps others; nullptr if a table does
// not suit.
absl::StatusOr<index::PairTables::TablePtr> TableFor(const index::Snapshot& snapshot,
                                                     const index::Selection& selection,
                                                     absl::Span<const uint32_t> counts,
                                                     absl::Span<const uint8_t> kept,
                                                     int64_t max_counted, Wanted wanted,
                                                     const PairWork& work) {
  const bool has_tables = work.tables != nullptr && index::PairTables::Admits(snapshot);
  if (has_tables) {
    if (auto found = work.tables->Find(snapshot, selection)) return found;
  }
  const bool suits = index::PairTable::Suits(counts, kept, selection.basket_count);
  if (suits && has_tables) {
    return work.tables->Get(snapshot, selection, work.threads, wanted);
  }
  if (LeastPairs(counts, kept, selection.basket_count) > static_cast<double>(max_counted)) {
    return absl::ResourceExhaustedError("the baskets hold too many pairs to count");
  }
  if (!suits) return nullptr;
  absl::StatusOr<index::PairTable> counted =
      index::PairTable::Count(snapshot, selection, kept, {max_counted, work.threads}, wanted);
  if (!counted.ok()) return counted.status();
  return std::make_shared<const index::PairTable>(*std::move(counted));
}

// Calls `visit` with both products and their count for each pair within the bounds. Returns the
// number of baskets that hold each Item.
template <typename Visit>
absl::StatusOr<std::vector<uint32_t>> MinePairs(const index::Snapshot& snapshot,
                                                const index::Selection& selection,
                                                const PairBounds& bounds, const PairLimits& limits,
                                                Wanted wanted, const PairWork& work, Visit visit) {
  absl::Status status = wanted();
  if (!status.ok()) return status;
  std::vector<uint32_t> counts = CountItems(snapshot, selection);
  const std::vector<uint8_t> kept = KeptItems(counts, bounds);
  const auto test = [&](Item a, Item b, uint32_t count) {
    const uint32_t larger = std::max(counts[a], counts[b]);
    if (static_cast<double>(count) / larger < bounds.min_confidence) return false;
    visit(a, b, count);
    return true;
  };
  const auto table = TableFor(snapshot, selection, counts, kept, limits.max_counted, wanted, work);
  if (!table.ok()) return table.status();
  if (*table == nullptr) {
    PairBounds same = bounds;
    same.allowed = kept;
    status = MineSparsePairs(snapshot, selection, same, limits, wanted, test);
    if (!status.ok()) return status;
    return counts;
  }
  const auto least = [&](Item item) {
    if (!kept[item]) return UINT32_MAX;
    // Rounded down: `test` decides.
    const auto share = static_cast<int64_t>(bounds.min_confidence * counts[item]);
    return static_cast<uint32_t>(std::max({int64_t{1}, bounds.min_count, share}));
  };
  int64_t visited = 0;
  (*table)->ForEachPair(least, [&](Item a, Item b, uint32_t count) {
    if (kept[b]) visited += test(b, a, count) ? 1 : 0;
    return visited <= limits.max_pairs;
  });
  if (visited > limits.max_pairs) {
    return absl::ResourceExhaustedError("too many pairs were bought together");
  }
  return counts;
}

double Ratio(double value, double maximum) {
  return maximum > 0 ? std::min(value / maximum, 1.0) : 0;
}

}  // namespace

absl::Span<const HeuristicFeature> HeuristicFeatures() {
  static constexpr HeuristicFeature kFeatures[] = {
      {"lift", &PairMeasures::lift},
      {"least_confidence", &PairMeasures::min_confidence},
      {"support", &PairMeasures::support},
      {"jaccard", &PairMeasures::jaccard},
      {"mean_confidence", &PairMeasures::mean_confidence}};
  return kFeatures;
}

PairMeasures MeasurePair(const mining::RuleCounts& counts) {
  return {.lift = mining::Lift(counts),
          .min_confidence = mining::Confidence({.count_a = std::max(counts.count_a, counts.count_b),
                                                .count_b = std::min(counts.count_a, counts.count_b),
                                                .count_ab = counts.count_ab,
                                                .basket_count = counts.basket_count}),
          .support = mining::Support(counts),
          .jaccard = mining::Jaccard(counts),
          .mean_confidence = mining::Kulczynski(counts)};
}

PairMeasures OverMaxima(const PairMeasures& pair, const PairMeasures& maxima) {
  return {.lift = Ratio(pair.lift, maxima.lift),
          .min_confidence = Ratio(pair.min_confidence, maxima.min_confidence),
          .support = Ratio(pair.support, maxima.support),
          .jaccard = Ratio(pair.jaccard, maxima.jaccard),
          .mean_confidence = Ratio(pair.mean_confidence, maxima.mean_confidence)};
}

double PairStrength(const PairMeasures& pair, const PairMeasures& maxima) {
  const PairMeasures ratios = OverMaxima(pair, maxima);
  return kWeights.lift * ratios.lift + kWeights.min_confidence * ratios.min_confidence +
         kWeights.support * ratios.support + kWeights.jaccard * ratios.jaccard +
         kWeights.mean_confidence * ratios.mean_confidence;
}

double HeuristicScore(double mean_strength) {
  return 1 / (1 + std::exp(-kSlope * (mean_strength - kCentre)));
}

absl::StatusOr<ReferencePairs> ComputeReference(const index::Snapshot& snapshot,
                                                const index::Selection& selection, Wanted wanted,
                                                const PairWork& work) {
  ReferencePairs reference;
  reference.min_count =
      mining::MinCount(kReferenceSupport, selection.basket_count, kReferenceCount);
  std::vector<StrongPair> pairs;
  absl::StatusOr<std::vector<uint32_t>> counts =
      MinePairs(snapshot, selection, {.min_count = reference.min_count},
                {kMaxReferencePairs, INT64_MAX}, wanted, work, [&](Item a, Item b, uint32_t count) {
                  pairs.push_back({a, b, count, 0});
                });
  if (!counts.ok()) return counts.status();
  reference.single_counts = *std::move(counts);
  const PairMeasurer measure(reference.single_counts, selection.basket_count);
  PairMeasures& maxima = reference.maxima;
  for (const StrongPair& pair : pairs) {
    const PairMeasures measures = measure(pair);
    maxima.lift = std::max(maxima.lift, measures.lift);
    maxima.min_confidence = std::max(maxima.min_confidence, measures.min_confidence);
    maxima.support = std::max(maxima.support, measures.support);
    maxima.jaccard = std::max(maxima.jaccard, measures.jaccard);
    maxima.mean_confidence = std::max(maxima.mean_confidence, measures.mean_confidence);
  }
  for (StrongPair& pair : pairs) pair.strength = PairStrength(measure(pair), maxima);
  reference.strengths = PairStrengths(pairs);
  return reference;
}

absl::StatusOr<std::vector<StrongPair>> CountPairs(const index::Snapshot& snapshot,
                                                   const index::Selection& selection,
                                                   const PairBounds& bounds, Wanted wanted,
                                                   const PairWork& work) {
  std::vector<StrongPair> pairs = RoomForPairs(snapshot.item_count());
  const auto counts = MinePairs(snapshot, selection, bounds, {kMaxRarerPairs, kMaxCounted}, wanted,
                                work, [&](Item a, Item b, uint32_t count) {
                                  pairs.push_back({a, b, count, 0});
                                });
  if (!counts.ok()) return counts.status();
  return pairs;
}

absl::StatusOr<PairStrengths> ComputeStrengths(const index::Snapshot& snapshot,
                                               const index::Selection& selection,
                                               const PairMeasures& maxima, const PairBounds& bounds,
                                               Wanted wanted, const PairWork& work) {
  std::vector<StrongPair> pairs = RoomForPairs(snapshot.item_count());
  const auto counts = MinePairs(snapshot, selection, bounds, {kMaxRarerPairs, kMaxCounted}, wanted,
                                work, [&](Item a, Item b, uint32_t count) {
                                  pairs.push_back({a, b, count, 0});
                                });
  if (!counts.ok()) return counts.status();
  const PairMeasurer measure(*counts, selection.basket_count);
  for (StrongPair& pair : pairs) pair.strength = PairStrength(measure(pair), maxima);
  return PairStrengths(pairs);
}

}  // namespace clustr::scoring
