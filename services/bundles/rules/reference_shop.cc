#include "services/bundles/rules/reference_shop.h"

#include <algorithm>
#include <utility>

namespace clustr::rules {
namespace {

bool OneOf(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool HasCustomerCondition(const index::Population& p) {
  return !p.genders.empty() || p.min_age || p.max_age || !p.income_levels.empty() ||
         !p.customer_segments.empty() || !p.shopping_preferences.empty() || !p.cities.empty();
}

}  // namespace

void ReferenceShop::PutBasket(const index::Basket& basket) {
  Purchase& purchase = purchases_[basket.transaction_id];
  purchase.customer_id = basket.customer_id;
  purchase.epoch_day = basket.epoch_day;
  purchase.channel = TextNumber(basket.channel);
  purchase.payment_type = TextNumber(basket.payment_type);
  purchase.skus = basket.product_skus;
  std::sort(purchase.skus.begin(), purchase.skus.end());
  purchase.skus.erase(std::unique(purchase.skus.begin(), purchase.skus.end()), purchase.skus.end());
  purchase.skus.shrink_to_fit();
}

void ReferenceShop::RemoveBasket(int64_t transaction_id) { purchases_.erase(transaction_id); }

void ReferenceShop::PutCustomer(int64_t customer_id, index::Customer customer) {
  customers_[customer_id] = std::move(customer);
}

void ReferenceShop::RemoveCustomer(int64_t customer_id) { customers_.erase(customer_id); }

int64_t ReferenceShop::basket_count(const index::Population& population) const {
  int64_t count = 0;
  ForEachMatch(population, [&](const Purchase&) { ++count; });
  return count;
}

absl::StatusOr<std::vector<mining::ReferenceRule>> ReferenceShop::Rules(
    const index::Population& population, const mining::Thresholds& thresholds,
    absl::FunctionRef<absl::Status()> wanted) const {
  mining::TidListsBySku holders;
  uint32_t basket = 0;
  ForEachMatch(population, [&](const Purchase& purchase) {
    for (const int64_t sku : purchase.skus) holders[sku].push_back(basket);
    ++basket;
  });
  return mining::MineReferenceRules(holders, basket, thresholds, wanted);
}

int32_t ReferenceShop::TextNumber(const std::string& text) {
  const auto [known, is_new] = text_numbers_.try_emplace(text, static_cast<int32_t>(texts_.size()));
  if (is_new) texts_.push_back(text);
  return known->second;
}

bool ReferenceShop::Matches(const Purchase& purchase, const index::Population& p) const {
  if (purchase.skus.empty()) return false;
  if (p.start_day && purchase.epoch_day < *p.start_day) return false;
  if (p.end_day && purchase.epoch_day > *p.end_day) return false;
  if (!OneOf(p.channels, texts_[static_cast<size_t>(purchase.channel)])) return false;
  if (!OneOf(p.payment_types, texts_[static_cast<size_t>(purchase.payment_type)])) return false;
  if (!HasCustomerCondition(p)) return true;
  const auto customer = customers_.find(purchase.customer_id);
  return customer != customers_.end() && MatchesCustomer(customer->second, p);
}

bool ReferenceShop::MatchesCustomer(const index::Customer& customer,
                                    const index::Population& p) const {
  if ((p.min_age || p.max_age) && !customer.age) return false;
  if (p.min_age && *customer.age < *p.min_age) return false;
  if (p.max_age && *customer.age > *p.max_age) return false;
  return OneOf(p.genders, customer.gender) && OneOf(p.income_levels, customer.income_level) &&
         OneOf(p.customer_segments, customer.customer_segment) &&
         OneOf(p.shopping_preferences, customer.shopping_preference) &&
         OneOf(p.cities, customer.city);
}

void ReferenceShop::ForEachMatch(const index::Population& population,
                                 absl::FunctionRef<void(const Purchase&)> visit) const {
  for (const auto& [transaction_id, purchase] : purchases_) {
    if (Matches(purchase, population)) visit(purchase);
  }
}

}  // namespace clustr::rules
