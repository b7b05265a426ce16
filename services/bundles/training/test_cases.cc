#include "services/bundles/training/test_cases.h"

#include <utility>

namespace clustr::training {
namespace {

template <class Case>
void Thin(size_t max_cases, std::vector<Case>* cases) {
  if (cases->size() <= max_cases) return;
  std::vector<Case> kept;
  for (size_t i = 0; i < max_cases; ++i) {
    kept.push_back(std::move((*cases)[i * cases->size() / max_cases]));
  }
  *cases = std::move(kept);
}

CompletionCase HideOne(const Purchases& purchases, size_t basket, uint64_t seed) {
  const absl::Span<const ProductNumber> products = purchases.basket(basket);
  const size_t hidden = Mixed(seed ^ Mixed(basket)) % products.size();
  CompletionCase one = {purchases.customers[basket], {}, products[hidden]};
  for (size_t i = 0; i < products.size(); ++i) {
    if (i != hidden) one.basket.push_back(products[i]);
  }
  return one;
}

}  // namespace

uint64_t Mixed(uint64_t number) {
  uint64_t x = number + 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

TestCases FindTestCases(const Purchases& purchases, size_t begin, size_t end,
                        const CustomerHistories& before, uint32_t guest_baskets, uint64_t seed,
                        size_t max_cases) {
  TestCases cases;
  std::vector<bool> seen(purchases.customer_count);
  for (size_t i = begin; i < end; ++i) {
    if (purchases.basket(i).size() >= 2) {
      cases.completion.push_back(HideOne(purchases, i, seed));
    }
    const uint32_t customer = purchases.customers[i];
    if (seen[customer] || before.BasketCount(customer) == 0) continue;
    if (before.IsGuest(customer, guest_baskets)) continue;
    seen[customer] = true;
    const auto bought = purchases.basket(i);
    cases.next_basket.push_back({customer, {bought.begin(), bought.end()}});
  }
  Thin(max_cases, &cases.completion);
  Thin(max_cases, &cases.next_basket);
  return cases;
}

}  // namespace clustr::training
