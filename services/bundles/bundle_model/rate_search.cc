#include "services/bundles/bundle_model/rate_search.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "services/bundles/bundle_model/bundle_rates.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/measures/support.h"
#include "services/bundles/scoring/best_bundles.h"
#include "services/bundles/scoring/product_filter.h"

namespace clustr::bundle_model {
namespace {

using index::Selection;
using index::Snapshot;
using scoring::BestBundles;
using scoring::BundleQuery;

constexpr size_t kSetsPerCheck = 4'096;
// What the kernel takes to find and count a set, with the share of the pass over the baskets.
constexpr int64_t kStepsPerSet = 50;

// The bounds of a query that concern a bundle as a whole.
class BundleBounds {
 public:
  BundleBounds(const Snapshot& snapshot, const BundleQuery& query,
               absl::Span<const uint32_t> single_counts)
      : snapshot_(snapshot), query_(query), single_counts_(single_counts) {}

  // True if a bundle of `items`, which are allowed one by one, satisfies them.
  bool Admit(absl::Span<const Item> items, int64_t count) const {
    uint32_t largest_single = 0;
    for (const Item item : items) {
      largest_single = std::max(largest_single, single_counts_[item]);
    }
    if (static_cast<double>(count) / largest_single < query_.min_confidence) return false;
    if (query_.cross_category_only && SharesCategory(items)) return false;
    if (!query_.min_total_price_cents && !query_.max_total_price_cents &&
        !query_.min_margin_ratio) {
      return true;
    }
    const scoring::BundleMoney money = scoring::MoneyOf(snapshot_, items);
    return money.total_price_cents >= query_.min_total_price_cents.value_or(INT64_MIN) &&
           money.total_price_cents <= query_.max_total_price_cents.value_or(INT64_MAX) &&
           (!query_.min_margin_ratio ||
            scoring::MeetsMargin(money.total_margin_cents, money.total_price_cents,
                                 *query_.min_margin_ratio));
  }

 private:
  bool SharesCategory(absl::Span<const Item> items) const {
    for (size_t i = 1; i < items.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (snapshot_.product(items[i])->category == snapshot_.product(items[j])->category) {
          return true;
        }
      }
    }
    return false;
  }

  const Snapshot& snapshot_;
  const BundleQuery& query_;
  const absl::Span<const uint32_t> single_counts_;
};

// One search. Its methods may be called once each.
class RateSearch {
 public:
  RateSearch(const Snapshot& snapshot, const Selection& selection, const BundleModel& model,
             const BundleQuery& query, scoring::Wanted wanted)
      : snapshot_(snapshot),
        query_(query),
        wanted_(wanted),
        min_count_(std::max<int64_t>(
            1, mining::MinCount(query.min_support, selection.basket_count, query.min_count))),
        single_counts_(index::CountItems(snapshot, selection)),
        bounds_(snapshot, query, single_counts_),
        rates_(snapshot, selection, model),
        best_(snapshot, no_strengths_, query.limit, query.max_overlap) {}

  absl::StatusOr<std::vector<scoring::ScoredBundle>> Run(const Selection& selection) {
    if (query_.limit == 0 || query_.anchors.size() > static_cast<size_t>(query_.max_items)) {
      return std::vector<scoring::ScoredBundle>();
    }
    std::vector<uint8_t> allowed = scoring::ProductFilter(query_.products).AllowedItems(snapshot_);
    for (const Item anchor : query_.anchors) {
      if (anchor >= allowed.size() || !allowed[anchor]) {
        return std::vector<scoring::ScoredBundle>();
      }
    }
    for (const Item anchor : query_.anchors) allowed[anchor] = 0;
    const Selection searched = index::Narrow(snapshot_, selection, query_.anchors);
    if (searched.basket_count < min_count_) return std::vector<scoring::ScoredBundle>();
    const index::Projection projection =
        index::Project(snapshot_, searched, {.min_count = min_count_, .allowed = allowed});
    do {
      OfferAnchors(searched.basket_count);
      if (absl::Status mined = MineInRounds(projection); !mined.ok()) return mined;
    } while (best_.NeedsAnotherRound());
    std::vector<scoring::ScoredBundle> bundles;
    for (const scoring::Candidate& chosen : best_.Take()) {
      bundles.push_back(rates_.Score(chosen.items));
    }
    return bundles;
  }

 private:
  void OfferAnchors(int64_t count) {
    const size_t size = query_.anchors.size();
    if (size >= 2 && size >= static_cast<size_t>(query_.min_items)) Offer(query_.anchors, count);
  }

  void Offer(absl::Span<const Item> items, int64_t count) {
    if (!bounds_.Admit(items, count)) return;
    if (!best_.HasRoomForScore(rates_.Bound(count))) return;
    bundle_.assign(items.begin(), items.end());
    scoring::SortBySku(snapshot_, bundle_);
    best_.Offer(bundle_, count, rates_.model().Score(rates_.EvidenceOf(bundle_)));
  }

  absl::Status MineInRounds(const index::Projection& projection) {
    const int anchors = static_cast<int>(query_.anchors.size());
    if (anchors == query_.max_items) return absl::OkStatus();
    int64_t below = INT64_MAX;  // Bundles of this count or a higher one were offered.
    for (const uint32_t count : projection.counts) {
      below = below == INT64_MAX ? count : std::max<int64_t>(below, count);
    }
    if (below == INT64_MAX) return absl::OkStatus();
    ++below;
    while (below > min_count_ && best_.HasRoomForScore(rates_.Bound(below - 1))) {
      const int64_t min_count = std::max(min_count_, below / 2);
      if (absl::Status mined = Mine(projection, anchors, min_count, below); !mined.ok()) {
        return mined;
      }
      below = min_count;
    }
    return absl::OkStatus();
  }

  // Offers the bundles whose counts are from `min_count` to `below` - 1.
  absl::Status Mine(const index::Projection& projection, int anchors, int64_t min_count,
                    int64_t below) {
    std::atomic<bool> cancelled = false;
    absl::Status still;
    size_t sets = 0;
    std::vector<Item> items;
    const auto check = [&] {
      still = wanted_();
      if (!still.ok()) cancelled = true;
    };
    check();
    if (!still.ok()) return still;
    mining::ItemsetQuery mined = {.min_count = min_count,
                                  .min_size = std::max(1, query_.min_items - anchors),
                                  .max_size = query_.max_items - anchors,
                                  .max_itemsets = query_.max_steps / kStepsPerSet};
    mined.limits.cancelled = &cancelled;
    const absl::Status status = mining::MineItemsets(
        projection.view(), mined, [&](absl::Span<const Item> found, int64_t count) {
          if (++sets % kSetsPerCheck == 0) check();
          if (cancelled || count >= below) return;
          if (anchors == 0) return Offer(found, count);
          items.assign(query_.anchors.begin(), query_.anchors.end());
          items.insert(items.end(), found.begin(), found.end());
          Offer(items, count);
        });
    return still.ok() ? status : still;
  }

  const Snapshot& snapshot_;
  const BundleQuery& query_;
  scoring::Wanted wanted_;
  const int64_t min_count_;
  const std::vector<uint32_t> single_counts_;
  const BundleBounds bounds_;
  BundleRates rates_;
  const scoring::PairStrengths no_strengths_;  // Of heuristic-v0, which does not score here.
  BestBundles best_;
  std::vector<Item> bundle_;  // The bundle being offered; a member to reuse its memory.
};

}  // namespace

absl::StatusOr<std::vector<scoring::ScoredBundle>> RecommendByRate(const Snapshot& snapshot,
                                                                   const Selection& selection,
                                                                   const BundleModel& model,
                                                                   const BundleQuery& query,
                                                                   scoring::Wanted wanted) {
  return RateSearch(snapshot, selection, model, query, wanted).Run(selection);
}

}  // namespace clustr::bundle_model
