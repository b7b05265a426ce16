#include "services/bundles/bundle_model/rate_search.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <utility>

#include "absl/types/span.h"
#include "services/bundles/bundle_model/bundle_rates.h"
#include "services/bundles/scoring/best_bundles.h"
#include "services/bundles/scoring/pair_strengths.h"
#include "services/bundles/scoring/walk/basket_lists.h"
#include "services/bundles/scoring/walk/bundle_space.h"
#include "services/bundles/scoring/walk/bundle_walker.h"
#include "services/bundles/scoring/walk/space_baskets.h"
#include "services/bundles/scoring/walk/step_budget.h"
#include "services/bundles/scoring/walk/strong_edges.h"

namespace clustr::bundle_model {
namespace {

using index::Selection;
using index::Snapshot;
using scoring::BestBundles;
using scoring::BundleQuery;
using scoring::BundleSpace;
using scoring::StrongEdges;
using scoring::StrongPair;

// The pairs of the first round for each bundle that is wanted, and how many times as many each
// further round takes.
constexpr size_t kFirstPairs = 4;
constexpr size_t kLeastBundles = 4;
constexpr size_t kMostBundles = 1'000'000;
constexpr size_t kMorePairs = 4;
// Steps, in nanoseconds, that one pair costs to be chosen for a round.
constexpr int64_t kStepsPerPair = 20;

// The pairs of a space, and which of them a round should begin with.
class PairRanks {
 public:
  // Borrows the pairs.
  PairRanks(const StrongEdges& edges, const BundleSpace& space) : edges_(edges) {
    const BundleQuery& query = space.query();
    const scoring::PairReach reach(
        edges_, space,
        {static_cast<size_t>(query.min_items), static_cast<size_t>(query.max_items)});
    edges_.ForEach([&](const StrongPair& pair) {
      if (!query.anchors.empty() && pair.a != query.anchors[0] && pair.b != query.anchors[0]) {
        return;
      }
      const Item both[] = {pair.a, pair.b};
      if (reach.MayMeet(pair) || (query.min_items <= 2 && space.MeetsSumBounds(both))) {
        leading_.push_back(pair.strength);
      }
    });
  }

  // Number of pairs.
  size_t size() const { return edges_.size(); }
  // The strength that about `count` pairs exceed of those that bundles may be reached from; 0 if
  // there are no more.
  double StrengthAt(size_t count) {
    if (count >= leading_.size()) return 0;
    const auto place = leading_.begin() + static_cast<ptrdiff_t>(count);
    std::nth_element(leading_.begin(), place, leading_.end(), std::greater<double>());
    return *place;
  }
  // The pairs of at least this strength.
  scoring::PairStrengths AtLeast(double strength) const {
    std::vector<StrongPair> strong;
    edges_.ForEach([&](const StrongPair& pair) {
      if (pair.strength >= strength) strong.push_back(pair);
    });
    return scoring::PairStrengths(strong);
  }

 private:
  const StrongEdges& edges_;
  std::vector<double> leading_;  // Strengths, in no order.
};

// Reads what the scores of bundles are computed from, each product's baskets once. Borrows its
// arguments.
class EvidenceReader {
 public:
  EvidenceReader(const Snapshot& snapshot, const RateTables& tables, const BundleRates& rates,
                 scoring::StepBudget* budget)
      : snapshot_(snapshot),
        recent_(tables.recent()),
        rates_(rates),
        budget_(*budget),
        lists_(snapshot, recent_.everything(), budget) {}

  // The evidence of a bundle that `count` baskets of the population hold. Has no meaning once the
  // budget has run out.
  BundleEvidence Of(absl::Span<const Item> items, int64_t count) {
    // Rarest first, so that what is held in common gets short soon.
    std::vector<Item> by_count(items.begin(), items.end());
    std::sort(by_count.begin(), by_count.end(),
              [&](Item a, Item b) { return lists_.Of(a).size() < lists_.Of(b).size(); });
    absl::Span<const index::Slot> slots = lists_.Of(by_count[0]);
    for (size_t i = 1; i < by_count.size(); ++i) {
      std::vector<index::Slot>& common = common_[i % 2];
      const absl::Span<const uint64_t> bits = lists_.BitsOf(by_count[i]);
      bits.empty() ? scoring::Intersect(slots, lists_.Of(by_count[i]), 0, &common, &budget_)
                   : scoring::Intersect(slots, bits, 0, &common, &budget_);
      slots = common;
    }
    uint64_t units = 0;
    for (const index::Slot slot : slots) {
      units += recent_.recency().UnitsOf(snapshot_.epoch_day(slot));
    }
    return rates_.EvidenceOf(items, Recency::PurchasesOf(units), static_cast<int64_t>(slots.size()),
                             count);
  }

 private:
  const Snapshot& snapshot_;
  const RecentCounts& recent_;
  const BundleRates& rates_;
  scoring::StepBudget& budget_;
  scoring::BasketLists lists_;
  std::array<std::vector<index::Slot>, 2> common_;  // Used in turn.
};

// One search. To be run once.
class RateSearch {
 public:
  RateSearch(const Snapshot& snapshot, const Selection& selection, const RateTables& tables,
             const BundleModel& model, const BundleQuery& query, scoring::Wanted wanted)
      : snapshot_(snapshot),
        selection_(selection),
        tables_(tables),
        query_(query),
        wanted_(wanted),
        budget_(query.max_steps, wanted),
        rates_(snapshot, selection, tables, model),
        evidence_(snapshot, tables, rates_, &budget_) {}

  absl::StatusOr<std::vector<scoring::ScoredBundle>> Run(scoring::Overlapping* overlapping) {
    const BundleSpace space(snapshot_, selection_, query_, tables_.single_counts());
    if (!space.empty()) {
      if (absl::Status still = Search(space); !still.ok()) return still;
    }
    std::vector<scoring::ScoredBundle> bundles = Described(answer_);
    if (overlapping != nullptr && query_.max_overlap && bundles.size() < query_.limit) {
      *overlapping = Described(overlapping_);
    }
    if (!budget_.status().ok()) return budget_.status();
    return bundles;
  }

 private:
  std::vector<scoring::ScoredBundle> Described(absl::Span<const scoring::Candidate> candidates) {
    std::vector<scoring::ScoredBundle> bundles;
    for (const scoring::Candidate& candidate : candidates) {
      std::vector<int64_t> singles;
      for (const Item item : candidate.items) singles.push_back(tables_.single_counts()[item]);
      const BundleEvidence evidence = evidence_.Of(candidate.items, candidate.count);
      bundles.push_back(rates_.Describe(candidate.items, evidence, candidate.count, singles));
    }
    return bundles;
  }
  absl::Status Search(const BundleSpace& space) {
    size_t pairs = kFirstPairs * std::clamp(query_.limit, kLeastBundles, kMostBundles);
    absl::StatusOr<RatedPairs> rated = tables_.Common(wanted_);
    if (!rated.ok()) return rated.status();
    absl::StatusOr<bool> done = SearchAmong(*rated, space, &pairs);
    if (!done.ok() || *done) return done.status();
    scoring::PairBounds bounds = {.min_count = space.min_count(),
                                  .min_confidence = query_.min_confidence};
    if (space.has_few_products()) bounds.allowed = space.allowed();
    rated = tables_.Rarer(bounds, wanted_);
    if (!rated.ok()) return rated.status();
    return SearchAmong(*rated, space, &pairs).status();
  }

  // Sets answer_ to the best bundles among these pairs. Begins with about *pairs of them. True if
  // none that is left out can be among the best.
  absl::StatusOr<bool> SearchAmong(const RatedPairs& rated, const BundleSpace& space,
                                   size_t* pairs) {
    if (absl::Status still = wanted_(); !still.ok()) return still;
    const double rarest =
        rated.min_count <= space.min_count() ? 0 : tables_.MostOf(rated.min_count - 1);
    scoring::SpaceBaskets baskets(snapshot_, space, *rated.strengths, &budget_);
    PairRanks ranks(baskets.edges(), space);
    for (;; *pairs *= kMorePairs) {
      const auto steps = static_cast<int64_t>(rated.strengths->size() + ranks.size());
      if (!budget_.Take(kStepsPerPair * steps)) return budget_.status();
      const double strength = std::max(rarest, ranks.StrengthAt(*pairs));
      absl::Status walked = Walk(ranks.AtLeast(strength), strength, &baskets);
      if (!walked.ok()) return walked;
      if (strength == 0 || IsAnswer(strength)) return true;
      if (strength == rarest) return false;
    }
  }

  // True if answer_ does not change by bundles that have a pair of a lower strength than this.
  bool IsAnswer(double strength) const {
    return answer_.size() == query_.limit && answer_.back().score > rates_.Bound(strength);
  }

  // Sets answer_ to the best bundles of which all pairs are among `pairs`, which are those of at
  // least this strength.
  absl::Status Walk(const scoring::PairStrengths& pairs, double strength,
                    scoring::SpaceBaskets* baskets) {
    answer_.clear();
    overlapping_.clear();
    BundleQuery common = query_;
    // A bundle in fewer baskets than this has no such strength, either.
    common.min_count = std::max(query_.min_count, tables_.LeastCount(strength));
    const BundleSpace space(snapshot_, selection_, common, tables_.single_counts());
    if (space.empty()) return absl::OkStatus();
    const scoring::PairStrengths no_strengths;  // Of heuristic-v0, which does not score here.
    BestBundles best(snapshot_, no_strengths, query_);
    const auto worth = [&](double weakest) { return best.HasRoomForScore(rates_.Bound(weakest)); };
    const auto admits = [&](absl::Span<const Item> items, size_t size) {
      return best.Admits(items, size);
    };
    const scoring::BundleWalker::Limits limits = {scoring::BundleWalker::Bound::kWeakest, worth,
                                                  admits};
    const auto offer = [&](absl::Span<const Item> items, int64_t count) {
      bundle_.assign(items.begin(), items.end());
      scoring::SortBySku(snapshot_, bundle_);
      double most = tables_.MostOf(count);
      for (size_t i = 0; i < bundle_.size(); ++i) {
        for (size_t j = 0; j < i; ++j) most = std::min(most, pairs.Of(bundle_[i], bundle_[j]));
      }
      if (!best.HasRoomForScore(rates_.Bound(bundle_, count, most))) return true;
      best.Offer(bundle_, count, rates_.model().Score(evidence_.Of(bundle_, count)));
      return budget_.status().ok();
    };
    StrongEdges edges(query_.anchors.empty() ? pairs : no_strengths, space);
    do {
      const absl::Status walked =
          scoring::BundleWalker(space, pairs, &edges, baskets, &budget_, limits, offer).Run();
      if (!walked.ok()) return walked;
    } while (best.NeedsAnotherRound());
    overlapping_ = best.TakeOverlapping();
    answer_ = best.Take();
    return absl::OkStatus();
  }

  const Snapshot& snapshot_;
  const Selection& selection_;
  const RateTables& tables_;
  const BundleQuery& query_;
  scoring::Wanted wanted_;
  scoring::StepBudget budget_;
  const BundleRates rates_;
  EvidenceReader evidence_;
  std::vector<scoring::Candidate> answer_;
  std::vector<scoring::Candidate> overlapping_;  // The same where overlaps are not bounded.
  std::vector<Item> bundle_;  // The bundle being offered; a member to reuse its memory.
};

}  // namespace

absl::StatusOr<std::vector<scoring::ScoredBundle>> RecommendByRate(
    const Snapshot& snapshot, const Selection& selection, const RateTables& tables,
    const BundleModel& model, const BundleQuery& query, scoring::Wanted wanted,
    scoring::Overlapping* overlapping) {
  return RateSearch(snapshot, selection, tables, model, query, wanted).Run(overlapping);
}

}  // namespace clustr::bundle_model
