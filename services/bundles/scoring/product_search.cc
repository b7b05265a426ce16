#include "services/bundles/scoring/product_search.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "services/bundles/scoring/product_offers.h"
#include "services/bundles/scoring/ranked_product.h"

namespace clustr::scoring {
namespace {

using index::CoCountRow;
using index::Selection;
using index::Snapshot;

// A product of the basket that was sold, and the products that share its baskets.
struct Witness {
  Item item;
  double count;
  std::shared_ptr<const CoCountRow> row;
};

// For each product p the largest count_bp / count_b.
std::vector<double> BestConfidences(absl::Span<const Witness> witnesses, size_t item_count) {
  std::vector<double> best(item_count);
  std::vector<double> confidences;
  for (const Witness& witness : witnesses) {
    const CoCountRow& row = *witness.row;
    // This loop is separate from the scatter below so that the divisions are vectorised.
    confidences.resize(row.counts.size());
    for (size_t i = 0; i < row.counts.size(); ++i) {
      confidences[i] = static_cast<double>(static_cast<int32_t>(row.counts[i])) / witness.count;
    }
    for (size_t i = 0; i < row.items.size(); ++i) {
      double& score = best[row.items[i]];
      score = std::max(score, confidences[i]);
    }
  }
  return best;
}

using Allows = absl::FunctionRef<bool(Item)>;
using CandidateOf = absl::FunctionRef<RankedProduct(Item, double score)>;

// The best `limit` products, best first, found by testing every product.
std::vector<RankedProduct> BestOfAll(absl::Span<const double> scores, size_t limit, Allows allows,
                                     CandidateOf candidate_of) {
  std::vector<RankedProduct> best;  // A heap, the worst in front.
  for (Item item = 0; item < scores.size(); ++item) {
    if (best.size() == limit && scores[item] < best.front().score) continue;
    const RankedProduct candidate = candidate_of(item, scores[item]);
    if (best.size() == limit && !(candidate < best.front())) continue;
    if (!allows(item)) continue;
    if (best.size() == limit) {
      std::pop_heap(best.begin(), best.end());
      best.pop_back();
    }
    best.push_back(candidate);
    std::push_heap(best.begin(), best.end());
  }
  std::sort(best.begin(), best.end());
  return best;
}

// The same, found in the ranked entries of the witnesses' rows alone, merged by confidence. The
// confidence with which a product first appears is its score, so the merge ends once the confidence
// falls below the score of the last product wanted. Returns fewer than `limit` if the ranked
// entries do not suffice. Follows the threshold algorithm of Fagin, Lotem and Naor (2003) with max
// as its aggregate.
std::vector<RankedProduct> BestRanked(absl::Span<const Witness> witnesses, size_t limit,
                                      Allows allows, CandidateOf candidate_of) {
  struct Head {
    double confidence;
    const Witness* witness;
    size_t next;  // In `ranked` of its row.

    bool operator<(const Head& other) const { return confidence < other.confidence; }
  };
  const auto head_at = [](const Witness& witness, size_t next) {
    return Head{witness.row->ranked[next].count / witness.count, &witness, next};
  };
  std::vector<Head> heads;
  for (const Witness& witness : witnesses) {
    if (!witness.row->ranked.empty()) {
      heads.push_back(head_at(witness, 0));
    } else if (!witness.row->items.empty()) {
      return {};
    }
  }
  std::make_heap(heads.begin(), heads.end());
  std::vector<RankedProduct> best;
  absl::flat_hash_set<Item> seen;
  while (!heads.empty() && (best.size() < limit || heads[0].confidence == best.back().score)) {
    std::pop_heap(heads.begin(), heads.end());
    Head& head = heads.back();
    const CoCountRow& row = *head.witness->row;
    const Item item = row.ranked[head.next].item;
    if (seen.insert(item).second && allows(item)) {
      best.push_back(candidate_of(item, head.confidence));
    }
    if (head.next + 1 < row.ranked.size()) {
      head = head_at(*head.witness, head.next + 1);
      std::push_heap(heads.begin(), heads.end());
    } else if (row.ranked.size() == row.items.size()) {
      heads.pop_back();
    } else {
      return {};
    }
  }
  std::sort(best.begin(), best.end());
  if (best.size() > limit) best.resize(limit);
  return best;
}

// The products of ScoredProduct::because.
std::vector<Item> Reasons(const Snapshot& snapshot, absl::Span<const Witness> witnesses,
                          Item item) {
  absl::InlinedVector<std::pair<double, Item>, 16> reasons;
  for (const Witness& witness : witnesses) {
    const uint32_t count = witness.row->CountOf(item);
    if (count > 0) reasons.emplace_back(count / witness.count, witness.item);
  }
  std::sort(reasons.begin(), reasons.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first > b.first;
    return snapshot.sku_of(a.second) < snapshot.sku_of(b.second);
  });
  std::vector<Item> because;
  for (size_t i = 0; i < std::min(reasons.size(), kMaxReasons); ++i) {
    because.push_back(reasons[i].second);
  }
  return because;
}

}  // namespace

std::vector<ScoredProduct> RecommendProducts(const Snapshot& snapshot, const Selection& selection,
                                             absl::Span<const uint32_t> item_counts,
                                             const ProductQuery& query,
                                             index::CoCounts& co_counts) {
  if (query.limit == 0) return {};
  const auto count_of = [&](Item item) -> int64_t {
    return selection.everything ? snapshot.live_count(item) : item_counts[item];
  };
  std::vector<Item> basket = query.basket;
  std::sort(basket.begin(), basket.end());
  basket.erase(std::unique(basket.begin(), basket.end()), basket.end());

  std::vector<Witness> witnesses;
  for (Item item : basket) {
    if (count_of(item) == 0) continue;
    witnesses.push_back({item, static_cast<double>(count_of(item)),
                         selection.everything ? co_counts.Get(snapshot, item)
                                              : std::make_shared<const CoCountRow>(
                                                    CountTogether(snapshot, selection, item))});
  }
  const ProductOffers offers(snapshot, query);
  const auto allows = [&](Item item) { return offers.Has(item); };
  const auto candidate_of = [&](Item item, double score) {
    return RankedProduct{item, score, count_of(item), snapshot.sku_of(item)};
  };
  std::vector<RankedProduct> best = BestRanked(witnesses, query.limit, allows, candidate_of);
  if (best.size() < query.limit) {
    std::vector<double> scores = BestConfidences(witnesses, snapshot.item_count());
    if (basket.empty() && selection.basket_count > 0) {
      for (Item item = 0; item < scores.size(); ++item) {
        scores[item] = static_cast<double>(count_of(item)) / selection.basket_count;
      }
    }
    best = BestOfAll(scores, query.limit, allows, candidate_of);
  }
  std::vector<ScoredProduct> products;
  for (const RankedProduct& candidate : best) {
    products.push_back(
        {candidate.item, candidate.score, Reasons(snapshot, witnesses, candidate.item)});
  }
  return products;
}

size_t CountProducts(const Snapshot& snapshot, const ProductQuery& query) {
  const ProductOffers offers(snapshot, query);
  size_t found = 0;
  for (Item item = 0; item < snapshot.item_count() && found < query.limit; ++item) {
    found += offers.Has(item);
  }
  return found;
}

}  // namespace clustr::scoring
