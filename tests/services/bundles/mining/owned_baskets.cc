#include "tests/services/bundles/mining/owned_baskets.h"

#include <algorithm>

namespace clustr::mining {

OwnedBaskets::OwnedBaskets(const std::vector<std::vector<Item>>& baskets) {
  for (const std::vector<Item>& basket : baskets) Add(basket);
}

void OwnedBaskets::Add(std::vector<Item> basket) {
  std::sort(basket.begin(), basket.end());
  basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
  items_.insert(items_.end(), basket.begin(), basket.end());
  offsets_.push_back(items_.size());
}

int64_t OwnedBaskets::non_empty() const {
  int64_t count = 0;
  for (size_t i = 0; i < view().size(); ++i) count += view()[i].empty() ? 0 : 1;
  return count;
}

TidListsBySku OwnedBaskets::tid_lists() const {
  TidListsBySku tid_lists;
  uint32_t number = 0;
  for (size_t i = 0; i < view().size(); ++i) {
    if (view()[i].empty()) continue;
    for (const Item item : view()[i]) tid_lists[item].push_back(number);
    ++number;
  }
  return tid_lists;
}

std::vector<std::vector<Item>> RandomBaskets(std::mt19937_64& random) {
  std::vector<std::vector<Item>> baskets(random() % 31);
  const Item items = 1 + random() % 8;
  const uint64_t density = 1 + random() % 9;
  for (size_t i = 0; i < baskets.size(); ++i) {
    if (i > 0 && random() % 4 == 0) {
      baskets[i] = baskets[random() % i];
      continue;
    }
    for (Item item = 0; item < items; ++item) {
      if (random() % 10 < density) baskets[i].push_back(item);
    }
  }
  return baskets;
}

std::vector<ReferenceRule> Sorted(const RuleSet& rules) {
  std::vector<ReferenceRule> out;
  out.reserve(rules.size());
  for (size_t i = 0; i < rules.size(); ++i) {
    const auto left = rules.antecedents(i);
    const auto right = rules.consequents(i);
    const RuleCounts c = rules.counts(i);
    out.push_back({.antecedents = {left.begin(), left.end()},
                   .consequents = {right.begin(), right.end()},
                   .count_a = c.count_a,
                   .count_b = c.count_b,
                   .count_ab = c.count_ab});
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace clustr::mining
