#include "tests/bench/service/bundle_requests.h"

#include <algorithm>
#include <initializer_list>

namespace clustr::bench {
namespace {

bool Quarter(Random& random) { return random() % 4 == 0; }

template <class T>
T OneOf(std::initializer_list<T> values, Random& random) {
  return *(values.begin() + random() % values.size());
}

}  // namespace

void BundleRequests::SetCounts(Random& random, bundles::v1::BundleConstraints* bounds) const {
  if (Quarter(random)) bounds->set_min_items(OneOf({2, 3, 4, 5}, random));
  if (Quarter(random)) {
    bounds->set_max_items(std::max(bounds->min_items(), OneOf({2, 3, 4, 5}, random)));
  }
  if (Quarter(random)) {
    bounds->set_min_support(OneOf({0.0, 0.00001, 0.0001, 0.0005, 0.002, 0.01}, random));
  }
  if (Quarter(random)) bounds->set_min_confidence(OneOf({0.0, 0.02, 0.2, 0.5, 1.0}, random));
  if (Quarter(random)) bounds->set_min_count(OneOf({1, 2, 10, 100, 5'000}, random));
  if (Quarter(random)) bounds->set_max_overlap(OneOf({0.0, 0.25, 0.34, 0.5, 1.0}, random));
}

void BundleRequests::SetMoney(Random& random, bundles::v1::BundleConstraints* bounds) const {
  if (Quarter(random)) bounds->set_min_total_price(OneOf({1, 50, 120, 300, 900}, random));
  if (Quarter(random)) {
    bounds->set_max_total_price(
        std::max<double>(bounds->min_total_price(), OneOf({10, 60, 150, 400, 2'000}, random)));
  }
  if (Quarter(random)) bounds->set_min_margin_ratio(OneOf({-1.0, 0.0, 0.3, 0.5, 0.9}, random));
}

void BundleRequests::SetProducts(Random& random, bundles::v1::BundleConstraints* bounds) const {
  if (Quarter(random)) bounds->set_in_stock_only(random() % 2 == 0);
  if (Quarter(random)) bounds->set_cross_category_only(true);
  if (Quarter(random)) {
    for (int i = 0; i < 20; ++i) bounds->add_excluded_skus(AnyOf(skus_, random));
  }
}

void BundleRequests::SetPopulation(Random& random,
                                   bundles::v1::RecommendBundlesRequest* request) const {
  const catalog::v1::Customer& customer = AnyOf(customers_, random);
  if (Quarter(random)) request->set_customer_id(customer.customer_id());
  if (!Quarter(random)) return;
  bundles::v1::Population& population = *request->mutable_population();
  if (random() % 2 == 0) population.add_genders(customer.gender());
  if (random() % 2 == 0) population.add_customer_segments(customer.customer_segment());
  if (random() % 2 == 0) population.add_channels(AnyOf(baskets_, random).channel());
}

bundles::v1::RecommendBundlesRequest BundleRequests::Any(Random& random) const {
  bundles::v1::RecommendBundlesRequest request;
  bundles::v1::BundleConstraints& bounds = *request.mutable_constraints();
  SetCounts(random, &bounds);
  SetMoney(random, &bounds);
  SetProducts(random, &bounds);
  SetPopulation(random, &request);
  if (Quarter(random)) {
    const auto& basket = AnyOf(baskets_, random).product_sku();
    const int most = bounds.has_max_items() ? bounds.max_items() : 3;  // More are refused.
    const int anchors = std::min({basket.size(), OneOf({1, 1, 2, 3}, random), most});
    request.mutable_anchor_skus()->Add(basket.begin(), basket.begin() + anchors);
  }
  if (Quarter(random)) request.set_limit(OneOf({1, 5, 100, 500}, random));
  return request;
}

}  // namespace clustr::bench
