#include "services/bundles/mining/layout/code_rows.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {
namespace {

TEST(CodeRowsTest, HoldTheFrequentCodesOfEachBasketAscending) {
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
    Vertical vertical = CountFrequent(view, 5, threads);
    AddHolders(view, vertical, threads);
    const CodeRows rows = MakeCodeRows(view, vertical, threads);
    for (uint32_t i = 0; i < view.size(); ++i) {
      std::vector<uint16_t> expected;
      for (const Item item : view[i]) {
        const auto at = std::find(vertical.items.begin(), vertical.items.end(), item);
        if (at == vertical.items.end()) continue;
        expected.push_back(static_cast<uint16_t>(at - vertical.items.begin()));
      }
      std::sort(expected.begin(), expected.end());
      const std::vector<uint16_t> found(rows.narrow.get() + vertical.row_begins[i],
                                        rows.narrow.get() + vertical.row_begins[i + 1]);
      ASSERT_EQ(found, expected);
    }
  }
}

}  // namespace
}  // namespace clustr::mining
