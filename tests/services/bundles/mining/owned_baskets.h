#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_MINING_OWNED_BASKETS_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_MINING_OWNED_BASKETS_H_

#include <cstdint>
#include <random>
#include <vector>

#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/reference/reference_miner.h"
#include "services/bundles/mining/rules.h"

namespace clustr::mining {

// Owns the arrays that a BasketView borrows.
class OwnedBaskets {
 public:
  OwnedBaskets() = default;
  explicit OwnedBaskets(const std::vector<std::vector<Item>>& baskets);

  // Takes items in any order, also repeated.
  void Add(std::vector<Item> basket);

  BasketView view() const { return {items_, offsets_}; }
  int64_t non_empty() const;
  // The input of the reference miner. Each item is its own sku.
  TidListsBySku tid_lists() const;

 private:
  std::vector<Item> items_;
  std::vector<uint64_t> offsets_ = {0};
};

// A small database: up to 30 baskets (some empty, some equal) of up to 8 items, of any density.
std::vector<std::vector<Item>> RandomBaskets(std::mt19937_64& random);

// The rules of a RuleSet as plain values, sorted.
std::vector<ReferenceRule> Sorted(const RuleSet& rules);

}  // namespace clustr::mining

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_MINING_OWNED_BASKETS_H_
