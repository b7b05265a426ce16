#include "services/bundles/recommend/cold_bundles.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "services/bundles/index/queries.h"
#include "services/bundles/products/cold_products.h"
#include "services/bundles/products/likeness.h"
#include "services/bundles/recommend/bounds/broken_bounds.h"
#include "services/bundles/scoring/product_filter.h"

namespace clustr::bundles {
namespace {

using mining::Item;
using scoring::BundleQuery;
using scoring::ScoredBundle;

constexpr size_t kSimilar = 20;  // Products that take the place of a cold one.

bool IsCold(const index::Snapshot& shop, Item item) {
  return shop.live_count(item) < products::kFewBaskets;
}

bool Contains(const std::vector<Item>& items, Item item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

struct Similar {
  Item item;
  double likeness;
};

// The kSimilar products most like `cold`, of those that are not cold and that the query allows.
std::vector<Similar> MostAlike(const index::Snapshot& shop, const BundleQuery& query,
                               const std::vector<uint8_t>& allowed, Item cold) {
  const products::ProductTraits wanted(*shop.product(cold));
  std::vector<Similar> found;
  for (Item item = 0; item < allowed.size(); ++item) {
    if (!allowed[item] || IsCold(shop, item) || Contains(query.anchors, item)) continue;
    const products::ProductTraits traits(*shop.product(item));
    found.push_back({item, products::Likeness(wanted, traits)});
  }
  const auto key = [&](const Similar& a) {
    return std::make_tuple(-a.likeness, -shop.live_count(a.item), shop.sku_of(a.item));
  };
  const auto end = found.begin() + static_cast<ptrdiff_t>(std::min(kSimilar, found.size()));
  std::partial_sort(found.begin(), end, found.end(),
                    [&](const Similar& a, const Similar& b) { return key(a) < key(b); });
  found.erase(end, found.end());
  return found;
}

// Finds the bundles, one product after another taking the place of each cold anchor.
class ColdSearch {
 public:
  ColdSearch(const PopulationView& population, const BundleScoring& model, const BundleQuery& query,
             scoring::Wanted wanted)
      : population_(population),
        shop_(population.shop()),
        model_(model),
        query_(query),
        wanted_(wanted) {
    const std::vector<uint8_t> allowed = scoring::ProductFilter(query.products).AllowedItems(shop_);
    for (const Item anchor : query.anchors) {
      if (!IsCold(shop_, anchor)) continue;
      cold_.push_back({anchor, MostAlike(shop_, query, allowed, anchor)});
    }
  }

  absl::StatusOr<std::vector<ScoredBundle>> Run() {
    for (size_t rank = 0; rank < kSimilar && found_.size() < query_.limit; ++rank) {
      const absl::Status status = TryRank(rank);
      if (!status.ok() && !absl::IsResourceExhausted(status)) return status;
    }
    return Best();
  }

 private:
  struct ColdAnchor {
    Item item;
    std::vector<Similar> similar;
  };

  // Searches with the product of this rank in the place of each cold anchor.
  absl::Status TryRank(size_t rank) {
    BundleQuery query = query_;
    query.min_total_price_cents.reset();
    query.max_total_price_cents.reset();
    query.min_margin_ratio.reset();
    query.cross_category_only = false;
    query.max_overlap.reset();
    query.limit = query_.limit * 2;  // Some will break these bounds with the cold product.
    query.max_steps = query_.max_steps / static_cast<int64_t>(kSimilar);
    double likeness = 1;
    std::map<Item, Item> cold_of;
    for (const ColdAnchor& cold : cold_) {
      if (rank >= cold.similar.size()) return absl::OkStatus();
      const Similar& similar = cold.similar[rank];
      if (!cold_of.emplace(similar.item, cold.item).second) return absl::OkStatus();
      std::replace(query.anchors.begin(), query.anchors.end(), cold.item, similar.item);
      likeness *= similar.likeness;
    }
    const auto bundles = SearchBundles(population_, model_, query, wanted_);
    if (!bundles.ok()) return bundles.status();
    for (const ScoredBundle& bundle : *bundles) Add(bundle, cold_of, likeness);
    return absl::OkStatus();
  }

  void Add(const ScoredBundle& similar, const std::map<Item, Item>& cold_of, double likeness) {
    std::vector<Item> items;
    for (const Item item : similar.items) {
      const auto cold = cold_of.find(item);
      items.push_back(cold == cold_of.end() ? item : cold->second);
    }
    scoring::SortBySku(shop_, items);
    if (std::adjacent_find(items.begin(), items.end()) != items.end()) return;
    ScoredBundle bundle = Describe(items, similar.score * likeness);
    bundle.likeness = likeness;
    bundle.rests_on_all_baskets = similar.rests_on_all_baskets;
    ScoredBundle bounded = bundle;
    bounded.count = similar.count;
    bounded.confidence = similar.confidence;
    if (!BoundsBrokenAlone(shop_, query_, bounded).empty()) return;
    const auto [place, is_new] = found_.emplace(std::move(items), bundle);
    if (!is_new && place->second.score < bundle.score) place->second = std::move(bundle);
  }

  ScoredBundle Describe(const std::vector<Item>& items, double score) const {
    const index::Selection& selection = population_.selection();
    std::vector<int64_t> singles;
    for (const Item item : items) singles.push_back(index::Count(shop_, selection, {&item, 1}));
    return scoring::DescribeBundle(shop_, items, score, index::Count(shop_, selection, items),
                                   singles, selection.basket_count);
  }

  bool IsBetter(const ScoredBundle& a, const ScoredBundle& b) const {
    if (a.score != b.score) return a.score > b.score;
    return std::lexicographical_compare(
        a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
        [&](Item x, Item y) { return shop_.sku_of(x) < shop_.sku_of(y); });
  }

  // The best of what was found, those that overlap with a better one last or not at all.
  std::vector<ScoredBundle> Best() const {
    std::vector<ScoredBundle> best;
    for (const auto& [items, bundle] : found_) best.push_back(bundle);
    const auto is_better = [&](const auto& a, const auto& b) { return IsBetter(a, b); };
    std::sort(best.begin(), best.end(), is_better);
    std::vector<ScoredBundle> chosen, others;
    for (ScoredBundle& bundle : best) {
      const bool overlaps =
          query_.max_overlap && std::any_of(chosen.begin(), chosen.end(), [&](const auto& other) {
            return scoring::OverlapsTooMuch(query_, bundle.items, other.items);
          });
      (overlaps ? others : chosen).push_back(std::move(bundle));
    }
    if (query_.overlap_is_preference) chosen.insert(chosen.end(), others.begin(), others.end());
    chosen.resize(std::min(chosen.size(), query_.limit));
    std::sort(chosen.begin(), chosen.end(), is_better);
    return chosen;
  }

  const PopulationView& population_;
  const index::Snapshot& shop_;
  const BundleScoring& model_;
  const BundleQuery& query_;
  scoring::Wanted wanted_;
  std::vector<ColdAnchor> cold_;
  std::map<std::vector<Item>, ScoredBundle> found_;  // By the items of the real bundle.
};

}  // namespace

bool HasColdAnchor(const index::Snapshot& shop, const BundleQuery& query) {
  return std::any_of(query.anchors.begin(), query.anchors.end(),
                     [&](Item anchor) { return IsCold(shop, anchor); });
}

absl::StatusOr<std::vector<ScoredBundle>> SearchByLikeness(const PopulationView& population,
                                                           const BundleScoring& model,
                                                           const BundleQuery& query,
                                                           scoring::Wanted wanted) {
  return ColdSearch(population, model, query, wanted).Run();
}

}  // namespace clustr::bundles
