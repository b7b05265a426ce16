#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_TEST_CASES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_TEST_CASES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

// A basket with one product hidden: the model shall find it.
struct CompletionCase {
  uint32_t customer = 0;
  std::vector<ProductNumber> basket;  // Without the hidden product; at least one.
  ProductNumber hidden = 0;
};

// The first basket of a customer after the training period: the model shall foresee it.
struct NextBasketCase {
  uint32_t customer = 0;
  std::vector<ProductNumber> bought;
};

// SplitMix64: a number that looks random, the same on every platform.
uint64_t Mixed(uint64_t number);

// The cases in a period.
struct TestCases {
  std::vector<CompletionCase> completion;
  std::vector<NextBasketCase> next_basket;
};

// The cases among the baskets [begin, end). Of baskets with two products or more, one product is
// hidden, chosen by `seed` and the number of the basket. Next baskets are those of customers who
// bought before `begin` and are no guests. If there are more than
// `max_cases` of a kind, evenly spaced ones are taken.
TestCases FindTestCases(const Purchases& purchases, size_t begin, size_t end,
                        const CustomerHistories& before, uint32_t guest_baskets, uint64_t seed,
                        size_t max_cases);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_TEST_CASES_H_
