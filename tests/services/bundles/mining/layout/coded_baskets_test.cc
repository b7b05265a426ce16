#include "services/bundles/mining/layout/coded_baskets.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {
namespace {

TEST(CodedBasketsTest, HoldTheFrequentCodesOfEachBasketAscending) {
  std::mt19937_64 random(1);
  OwnedBaskets owned;
  for (int i = 0; i < 15'000; ++i) {
    std::vector<Item> basket;
    for (size_t k = random() % 10; k > 0; --k) {
      basket.push_back(static_cast<Item>(2000 / (1 + random() % 2000)));
    }
    owned.Add(basket);
  }
  const BasketView view = owned.view();
  for (const int threads : {1, 3}) {
    const TidLists tid_lists = MakeTidLists(view, CountFrequentItems(view, 5, threads), threads);
    const CodedBaskets coded = MakeCodedBaskets(view, tid_lists, threads);
    for (uint32_t i = 0; i < view.size(); ++i) {
      std::vector<uint16_t> expected;
      for (const Item item : view[i]) {
        const auto at =
            std::find(tid_lists.frequent.items.begin(), tid_lists.frequent.items.end(), item);
        if (at == tid_lists.frequent.items.end()) continue;
        expected.push_back(static_cast<uint16_t>(at - tid_lists.frequent.items.begin()));
      }
      std::sort(expected.begin(), expected.end());
      const std::vector<uint16_t> found(coded.narrow.get() + tid_lists.basket_begins[i],
                                        coded.narrow.get() + tid_lists.basket_begins[i + 1]);
      ASSERT_EQ(found, expected);
    }
  }
}

}  // namespace
}  // namespace clustr::mining
