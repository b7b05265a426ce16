#include "services/bundles/scoring/bundle_search.h"

#include <algorithm>
#include <utility>

#include "services/bundles/index/projection.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/support.h"

namespace clustr::scoring {
namespace {

using index::Projection;
using index::Selection;
using index::Snapshot;

// Keeps the best bundles of those that are offered and satisfy a query.
class BestBundles {
 public:
  BestBundles(const Snapshot& snapshot, const BundleQuery& query,
              absl::Span<const uint32_t> single_counts, const PairStrengths& strengths)
      : snapshot_(snapshot),
        query_(query),
        single_counts_(single_counts),
        strengths_(strengths) {}

  // `items` and the query's anchors are a bundle of allowed products in `count` baskets.
  void Offer(absl::Span<const Item> items, int64_t count) {
    bundle_.assign(items.begin(), items.end());
    bundle_.insert(bundle_.end(), query_.anchors.begin(), query_.anchors.end());
    if (!Satisfies(count)) return;
    SortBySku(snapshot_, bundle_);
    const double score =
        ScoreOf(bundle_, [&](Item a, Item b) { return strengths_.Of(a, b); });
    const auto better = [this](const Candidate& a, const Candidate& b) { return Better(a, b); };
    if (best_.size() == query_.limit) {
      if (score < best_.front().score) return;
      if (!Better({score, count, bundle_}, best_.front())) return;
      std::pop_heap(best_.begin(), best_.end(), better);
      best_.pop_back();
    }
    best_.push_back({score, count, bundle_});
    std::push_heap(best_.begin(), best_.end(), better);
  }

  std::vector<ScoredBundle> Take(int64_t basket_count) {
    std::sort(best_.begin(), best_.end(),
              [this](const Candidate& a, const Candidate& b) { return Better(a, b); });
    std::vector<ScoredBundle> bundles;
    for (Candidate& candidate : best_) {
      std::vector<int64_t> singles;
      for (Item item : candidate.items) singles.push_back(single_counts_[item]);
      bundles.push_back(DescribeBundle(snapshot_, std::move(candidate.items), candidate.score,
                                       candidate.count, singles, basket_count));
    }
    return bundles;
  }

 private:
  struct Candidate {
    double score;
    int64_t count;
    std::vector<Item> items;  // Ascending by SKU.
  };

  bool Satisfies(int64_t count) const {
    uint32_t largest_single = 0;
    for (Item item : bundle_) largest_single = std::max(largest_single, single_counts_[item]);
    if (static_cast<double>(count) / largest_single < query_.min_confidence) return false;
    if (!query_.min_total_price_cents && !query_.max_total_price_cents &&
        !query_.min_margin_ratio) {
      return true;
    }
    const BundleMoney money = MoneyOf(snapshot_, bundle_);
    return money.total_price_cents >= query_.min_total_price_cents.value_or(INT64_MIN) &&
           money.total_price_cents <= query_.max_total_price_cents.value_or(INT64_MAX) &&
           (!query_.min_margin_ratio ||
            MeetsMargin(money.total_margin_cents, money.total_price_cents,
                        *query_.min_margin_ratio));
  }

  bool Better(const Candidate& a, const Candidate& b) const {
    if (a.score != b.score) return a.score > b.score;
    return std::lexicographical_compare(
        a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
        [&](Item x, Item y) { return snapshot_.sku_of(x) < snapshot_.sku_of(y); });
  }

  const Snapshot& snapshot_;
  const BundleQuery& query_;
  const absl::Span<const uint32_t> single_counts_;
  const PairStrengths& strengths_;
  std::vector<Item> bundle_;     // Under consideration.
  std::vector<Candidate> best_;  // A heap, the worst in front.
};

}  // namespace

absl::StatusOr<std::vector<ScoredBundle>> RecommendBundles(const Snapshot& snapshot,
                                                           const Selection& selection,
                                                           const ReferencePairs& reference,
                                                           const BundleQuery& query) {
  const int anchor_count = static_cast<int>(query.anchors.size());
  const int64_t least_count = std::max<int64_t>(
      1, mining::LeastCount(query.min_support, selection.basket_count, query.min_count));
  std::vector<uint8_t> allowed = ProductFilter(query.products).AllowedItems(snapshot);
  const bool anchors_allowed =
      std::all_of(query.anchors.begin(), query.anchors.end(),
                  [&](Item item) { return item < allowed.size() && allowed[item]; });
  if (!anchors_allowed || anchor_count > query.max_items || query.limit == 0) {
    return std::vector<ScoredBundle>();
  }
  const Selection searched = Narrow(snapshot, selection, query.anchors);
  if (searched.basket_count < least_count) return std::vector<ScoredBundle>();

  if (!query.anchors.empty()) {
    const std::vector<uint32_t> counts = CountItems(snapshot, searched);
    for (Item item = 0; item < allowed.size(); ++item) {
      allowed[item] = allowed[item] && counts[item] >= least_count;
    }
  }
  const PairStrengths* strengths = &reference.strengths;
  PairStrengths rarer;
  if (least_count < reference.least_count) {
    absl::StatusOr<PairStrengths> computed =
        ComputeStrengths(snapshot, selection, reference.maxima, least_count, allowed);
    if (!computed.ok()) return computed.status();
    rarer = *std::move(computed);
    strengths = &rarer;
  }

  // Every pair of a bundle has a strength by now, so products without any need no search.
  strengths->KeepPaired(allowed);
  for (Item anchor : query.anchors) allowed[anchor] = 0;
  const int min_size = std::max(1, query.min_items - anchor_count);
  const Projection projection = Project(snapshot, searched,
                                        {.min_count = least_count,
                                         .allowed = allowed,
                                         .min_basket_size = static_cast<size_t>(min_size)});
  const std::vector<uint32_t> single_counts =
      query.anchors.empty() ? projection.counts : CountItems(snapshot, selection);

  BestBundles best(snapshot, query, single_counts, *strengths);
  if (anchor_count >= query.min_items) best.Offer({}, searched.basket_count);
  if (anchor_count < query.max_items) {
    const absl::Status mined = mining::MineItemsets(
        projection.view(),
        {.min_count = least_count,
         .min_size = min_size,
         .max_size = query.max_items - anchor_count,
         .max_itemsets = query.max_candidates},
        [&](absl::Span<const Item> items, int64_t count) { best.Offer(items, count); });
    if (!mined.ok()) return mined;
  }
  return best.Take(selection.basket_count);
}

}  // namespace clustr::scoring
