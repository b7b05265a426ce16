#include "services/bundles/recommend/scoring_query.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/schema/money.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/recommend/purchased.h"

namespace clustr::bundles {
namespace {

constexpr int32_t kAgeRange = 5;  // Years below and above the age of the customer.

// The bounds that both kinds of constraints have.
template <class Constraints>
scoring::ProductBounds BoundsOf(const index::Snapshot& shop, const Constraints& constraints) {
  scoring::ProductBounds bounds;
  bounds.in_stock_only = !constraints.has_in_stock_only() || constraints.in_stock_only();
  bounds.categories.assign(constraints.categories().begin(), constraints.categories().end());
  bounds.brands.assign(constraints.brands().begin(), constraints.brands().end());
  for (const int64_t sku : constraints.excluded_skus()) {
    if (const std::optional<mining::Item> item = shop.item_of(sku))
      bounds.excluded.push_back(*item);
  }
  return bounds;
}

std::optional<int64_t> Cents(bool set, double amount) {
  return set ? schema::CentsOf(amount) : std::nullopt;
}

template <class Constraints>
std::optional<double> MarginOf(const Constraints& constraints) {
  if (!constraints.has_min_margin_ratio()) return std::nullopt;
  return constraints.min_margin_ratio();
}

scoring::ProductIntent IntentOf(v1::ProductIntent intent) {
  switch (intent) {
    case v1::PRODUCT_INTENT_NEXT_BASKET:
      return scoring::ProductIntent::kNextBasket;
    case v1::PRODUCT_INTENT_BUY_AGAIN:
      return scoring::ProductIntent::kBuyAgain;
    case v1::PRODUCT_INTENT_DISCOVER:
      return scoring::ProductIntent::kDiscover;
    default:
      return scoring::ProductIntent::kBasket;
  }
}

void CheckPurchased(int32_t days, const std::string& path, bool has_customer,
                    std::vector<Violation>* violations) {
  if (days <= 0 || has_customer) return;
  violations->push_back(
      {path + ".exclude_purchased_days",
       absl::StrCat(days,
                    " is about a customer's purchases, but customer_id is unset; give "
                    "customer_id or customer_external_id, or 0")});
}

void FillUnset(const std::string& value, google::protobuf::RepeatedPtrField<std::string>* values) {
  if (values->empty() && !value.empty()) *values->Add() = value;
}

constexpr int kAttributes = 5;

// Narrows `population` by one attribute of the customer, unless it bounds that attribute already or
// catalog does not know it.
void Narrow(const index::Customer& customer, int attribute, v1::Population* population) {
  switch (attribute) {
    case 0:
      return FillUnset(customer.gender, population->mutable_genders());
    case 1:
      return FillUnset(customer.income_level, population->mutable_income_levels());
    case 2:
      return FillUnset(customer.shopping_preference, population->mutable_shopping_preferences());
    case 3:
      return FillUnset(customer.customer_segment, population->mutable_customer_segments());
    default:
      if (!customer.age || population->has_min_age() || population->has_max_age()) return;
      population->set_min_age(std::max(0, *customer.age - kAgeRange));
      population->set_max_age(*customer.age + kAgeRange);
  }
}

bool IsLarge(const index::Snapshot& shop, const index::Population& population) {
  return index::HasAtLeast(shop, population, kLeastBaskets);
}

}  // namespace

void CheckConstraints(const v1::BundleConstraints& c, const std::string& path, bool has_customer,
                      std::vector<Violation>* violations) {
  const auto check_share = [&](const char* name, bool set, double value) {
    if (set) CheckShare(absl::StrCat(path, ".", name), value, violations);
  };
  check_share("min_support", c.has_min_support(), c.min_support());
  check_share("min_confidence", c.has_min_confidence(), c.min_confidence());
  check_share("max_overlap", c.has_max_overlap(), c.max_overlap());
  CheckFinite(path + ".min_margin_ratio", MarginOf(c), violations);
  CheckPurchased(c.exclude_purchased_days(), path, has_customer, violations);
}

void CheckConstraints(const v1::ProductConstraints& c, const std::string& path, bool has_customer,
                      std::vector<Violation>* violations) {
  CheckFinite(path + ".min_margin_ratio", MarginOf(c), violations);
  CheckPurchased(c.exclude_purchased_days(), path, has_customer, violations);
}

bool NeedsHistory(v1::ProductIntent intent) {
  return intent == v1::PRODUCT_INTENT_BUY_AGAIN || intent == v1::PRODUCT_INTENT_DISCOVER;
}

void CheckIntent(const v1::RecommendProductsRequest& request, const std::string& path,
                 std::vector<Violation>* violations) {
  if (NeedsHistory(request.intent()) && !request.has_customer_id() &&
      request.customer_external_id().empty()) {
    violations->push_back(
        {path + "customer_id",
         absl::StrCat("is unset, but intent ", v1::ProductIntent_Name(request.intent()),
                      " is about a customer; give customer_id, or customer_external_id")});
  }
}

std::optional<double> MaxOverlapOf(const v1::RecommendBundlesRequest& request) {
  const v1::BundleConstraints& c = request.constraints();
  if (c.has_max_overlap() && c.max_overlap() < 1) return c.max_overlap();
  const bool is_page = LimitOf(request.limit(), kPage) <= kPage;
  if (!c.has_max_overlap() && is_page) return kDefaultMaxOverlap;
  return std::nullopt;
}

CustomerPopulation PopulationFor(const index::Snapshot& shop,
                                 const v1::RecommendBundlesRequest& request) {
  CustomerPopulation result = {.population = request.population()};
  if (!request.has_customer_id()) return result;
  const std::optional<index::Customer> customer = shop.customer(request.customer_id());
  if (!customer) return result;
  v1::Population all = request.population();
  for (int attribute = 0; attribute < kAttributes; ++attribute) Narrow(*customer, attribute, &all);
  const index::Population wanted = PopulationOf(all);
  if (wanted == PopulationOf(request.population()) || IsLarge(shop, wanted)) {
    result.population = all;
    return result;
  }
  for (int attribute = 0; attribute < kAttributes; ++attribute) {
    v1::Population narrower = result.population;
    Narrow(*customer, attribute, &narrower);
    if (PopulationOf(narrower) == PopulationOf(result.population)) continue;
    if (IsLarge(shop, PopulationOf(narrower))) {
      result.population = narrower;
    } else {
      result.is_wider = true;
    }
  }
  return result;
}

absl::StatusOr<scoring::BundleQuery> BundleQueryOf(const index::Snapshot& shop,
                                                   const v1::RecommendBundlesRequest& request,
                                                   const AskedOf& server) {
  const v1::BundleConstraints& c = request.constraints();
  scoring::BundleQuery query;
  if (c.has_min_items()) query.min_items = c.min_items();
  query.max_items = c.has_max_items() ? c.max_items() : std::max(query.max_items, query.min_items);
  if (c.has_min_support()) query.min_support = c.min_support();
  if (c.has_min_confidence()) query.min_confidence = c.min_confidence();
  if (c.has_min_count()) query.min_count = c.min_count();
  query.min_total_price_cents = Cents(c.has_min_total_price(), c.min_total_price());
  query.max_total_price_cents = Cents(c.has_max_total_price(), c.max_total_price());
  query.min_margin_ratio = MarginOf(c);
  query.cross_category_only = c.cross_category_only();
  query.products = BoundsOf(shop, c);
  query.limit = LimitOf(request.limit(), query.limit);
  query.max_overlap = MaxOverlapOf(request);
  query.overlap_is_preference = !c.has_max_overlap();
  query.max_steps = server.max_steps;
  for (const int64_t sku : request.anchor_skus()) {
    const std::optional<mining::Item> item = shop.item_of(sku);
    if (!item || shop.product(*item) == nullptr) return NotFoundError("PRODUCT", absl::StrCat(sku));
    query.anchors.push_back(*item);
  }
  for (const mining::Item item :
       PurchasedWithin(shop, request.customer_id(), c.exclude_purchased_days(), server.today)) {
    const bool is_anchor =
        std::find(query.anchors.begin(), query.anchors.end(), item) != query.anchors.end();
    if (!is_anchor) query.products.purchased.push_back(item);
  }
  return query;
}

scoring::ProductQuery ProductQueryOf(const index::Snapshot& shop,
                                     const v1::RecommendProductsRequest& request, int32_t today) {
  const v1::ProductConstraints& c = request.constraints();
  scoring::ProductQuery query;
  for (const int64_t sku : request.basket_skus()) {
    if (const std::optional<mining::Item> item = shop.item_of(sku)) query.basket.push_back(*item);
  }
  if (request.has_customer_id()) query.customer_id = request.customer_id();
  query.basket_is_history = query.basket.empty() && query.customer_id.has_value();
  query.intent = IntentOf(request.intent());
  query.min_price_cents = Cents(c.has_min_price(), c.min_price());
  query.max_price_cents = Cents(c.has_max_price(), c.max_price());
  query.min_margin_ratio = MarginOf(c);
  query.products = BoundsOf(shop, c);
  query.products.purchased =
      PurchasedWithin(shop, request.customer_id(), c.exclude_purchased_days(), today);
  query.limit = LimitOf(request.limit(), query.limit);
  return query;
}

}  // namespace clustr::bundles
