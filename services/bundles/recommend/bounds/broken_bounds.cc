#include "services/bundles/recommend/bounds/broken_bounds.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/mining/measures/support.h"

namespace clustr::bundles {
namespace {

using scoring::BundleQuery;
using scoring::ProductBounds;
using scoring::ScoredBundle;
using v1::BundleConstraints;
using v1::RecommendBundlesRequest;

std::string NameOfConstraint(int number) {
  return absl::StrCat("constraints.",
                      BundleConstraints::descriptor()->FindFieldByNumber(number)->name());
}

std::string NameOfField(int number) {
  return RecommendBundlesRequest::descriptor()->FindFieldByNumber(number)->name();
}

// True if catalog knows a product of the bundle, but `bounds` do not allow it.
bool Refuses(const index::Snapshot& shop, const ProductBounds& bounds, const ScoredBundle& bundle) {
  const scoring::ProductFilter filter(bounds);
  return std::any_of(bundle.items.begin(), bundle.items.end(), [&](mining::Item item) {
    return shop.product(item) != nullptr && !filter.Allows(shop, item);
  });
}

bool Unknown(const index::Snapshot& shop, const ScoredBundle& bundle) {
  return std::any_of(bundle.items.begin(), bundle.items.end(),
                     [&](mining::Item item) { return shop.product(item) == nullptr; });
}

bool SharesCategory(const index::Snapshot& shop, const ScoredBundle& bundle) {
  std::set<std::string> categories;
  return std::any_of(bundle.items.begin(), bundle.items.end(), [&](mining::Item item) {
    const index::Product* product = shop.product(item);
    return product != nullptr && !categories.insert(product->category).second;
  });
}

bool LacksAnchor(const BundleQuery& query, const ScoredBundle& bundle) {
  return std::any_of(query.anchors.begin(), query.anchors.end(), [&](mining::Item anchor) {
    return std::find(bundle.items.begin(), bundle.items.end(), anchor) == bundle.items.end();
  });
}

// True if the bundle has too many products in common with a result that ranks before its own place.
bool Overlaps(const index::Snapshot& shop, const BundleQuery& query,
              absl::Span<const ScoredBundle> answer, const ScoredBundle& bundle) {
  return std::any_of(answer.begin(), answer.end(), [&](const ScoredBundle& other) {
    const bool earlier =
        other.score > bundle.score ||
        (other.score == bundle.score &&
         std::lexicographical_compare(
             other.items.begin(), other.items.end(), bundle.items.begin(), bundle.items.end(),
             [&](mining::Item a, mining::Item b) { return shop.sku_of(a) < shop.sku_of(b); }));
    return earlier && scoring::OverlapsTooMuch(query, bundle.items, other.items);
  });
}

}  // namespace

std::vector<std::string> BoundsBrokenAlone(const index::Snapshot& shop, const BundleQuery& query,
                                           const ScoredBundle& bundle) {
  std::vector<std::string> broken;
  const auto add_if = [&](bool breaks, int number) {
    if (breaks) broken.push_back(NameOfConstraint(number));
  };
  const int64_t size = static_cast<int64_t>(bundle.items.size());
  const ProductBounds& products = query.products;

  if (Unknown(shop, bundle)) broken.push_back("bundle");
  if (LacksAnchor(query, bundle)) {
    broken.push_back(NameOfField(RecommendBundlesRequest::kAnchorSkusFieldNumber));
  }
  add_if(size < query.min_items, BundleConstraints::kMinItemsFieldNumber);
  add_if(size > query.max_items, BundleConstraints::kMaxItemsFieldNumber);
  add_if(bundle.count < mining::MinCount(query.min_support, bundle.basket_count, 0),
         BundleConstraints::kMinSupportFieldNumber);
  add_if(bundle.confidence < query.min_confidence, BundleConstraints::kMinConfidenceFieldNumber);
  add_if(bundle.count < std::max<int64_t>(1, query.min_count),
         BundleConstraints::kMinCountFieldNumber);
  add_if(bundle.total_price_cents < query.min_total_price_cents.value_or(INT64_MIN),
         BundleConstraints::kMinTotalPriceFieldNumber);
  add_if(bundle.total_price_cents > query.max_total_price_cents.value_or(INT64_MAX),
         BundleConstraints::kMaxTotalPriceFieldNumber);
  add_if(query.min_margin_ratio &&
             !scoring::MeetsMargin(bundle.total_margin_cents, bundle.total_price_cents,
                                   *query.min_margin_ratio),
         BundleConstraints::kMinMarginRatioFieldNumber);
  add_if(Refuses(shop, {.in_stock_only = products.in_stock_only}, bundle),
         BundleConstraints::kInStockOnlyFieldNumber);
  add_if(Refuses(shop, {.in_stock_only = false, .categories = products.categories}, bundle),
         BundleConstraints::kCategoriesFieldNumber);
  add_if(Refuses(shop, {.in_stock_only = false, .brands = products.brands}, bundle),
         BundleConstraints::kBrandsFieldNumber);
  add_if(query.cross_category_only && SharesCategory(shop, bundle),
         BundleConstraints::kCrossCategoryOnlyFieldNumber);
  add_if(Refuses(shop, {.in_stock_only = false, .excluded = products.excluded}, bundle),
         BundleConstraints::kExcludedSkusFieldNumber);
  add_if(Refuses(shop, {.in_stock_only = false, .purchased = products.purchased}, bundle),
         BundleConstraints::kExcludePurchasedDaysFieldNumber);
  return broken;
}

std::vector<std::string> BrokenBounds(const index::Snapshot& shop, const BundleQuery& query,
                                      absl::Span<const ScoredBundle> answer,
                                      const ScoredBundle& bundle) {
  std::vector<std::string> broken = BoundsBrokenAlone(shop, query, bundle);
  if (!broken.empty()) return broken;
  // The bundle meets every bound on its own: it lost to better ones.
  return {Overlaps(shop, query, answer, bundle)
              ? NameOfConstraint(BundleConstraints::kMaxOverlapFieldNumber)
              : NameOfField(RecommendBundlesRequest::kLimitFieldNumber)};
}

}  // namespace clustr::bundles
