#include "services/bundles/mining/layout/root_projection.h"

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/mining/layout/frequent_items.h"
#include "services/bundles/mining/layout/horizontal_projection.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {
namespace {

// The codes of a basket, ascending, with its weight; the value is the number of such baskets.
using Baskets = std::map<std::pair<std::vector<uint32_t>, int64_t>, int>;

struct Shop {
  OwnedBaskets owned;
  std::vector<int64_t> weights;

  BasketView view() const {
    BasketView view = owned.view();
    view.weights = weights;
    return view;
  }
};

Shop MakeShop(uint64_t seed, Item items, size_t mean_size, bool weighted) {
  std::mt19937_64 random(seed);
  Shop shop;
  for (int i = 0; i < 12'000; ++i) {
    std::vector<Item> basket;
    for (size_t k = random() % (2 * mean_size); k > 0; --k) basket.push_back(random() % items);
    shop.owned.Add(basket);
    if (weighted) shop.weights.push_back(static_cast<int64_t>(1 + random() % 5));
  }
  return shop;
}

Baskets Expected(const BasketView& view, const std::vector<Item>& items, uint32_t min_size) {
  Baskets expected;
  for (size_t i = 0; i < view.size(); ++i) {
    std::vector<uint32_t> codes;
    for (const Item item : view[i]) {
      const auto at = std::find(items.begin(), items.end(), item);
      if (at != items.end()) codes.push_back(static_cast<uint32_t>(at - items.begin()));
    }
    std::sort(codes.begin(), codes.end());
    if (codes.size() >= min_size) ++expected[{codes, view.weight(i)}];
  }
  return expected;
}

// Reads every tid-list, and so each record once for each of its codes.
template <class Code, class Count>
Baskets FromTidLists(const RootProjection& root, const Code* baskets) {
  using Record = BasketRecord<Code, Count>;
  Baskets found;
  for (uint32_t code = 0; code < root.frequent.items.size(); ++code) {
    const uint32_t* const tids = root.horizontal->tids.data();
    const uint32_t begin = root.horizontal->begins[code];
    const uint32_t end = root.horizontal->begins[code + 1];
    EXPECT_TRUE(std::is_sorted(tids + begin, tids + end));
    for (uint32_t at = begin; at < end; ++at) {
      const Code* const record = baskets + tids[at];
      const std::vector<uint32_t> codes(Record::begin(record), Record::end(record));
      EXPECT_TRUE(std::is_sorted(codes.begin(), codes.end()));
      EXPECT_TRUE(std::binary_search(codes.begin(), codes.end(), code));
      if (codes[0] == code) ++found[{codes, static_cast<int64_t>(Record::Weight(record))}];
    }
  }
  return found;
}

Baskets FromBitmaps(const RootProjection& root) {
  const RootBitmaps& vertical = *root.vertical;
  const auto size = static_cast<uint32_t>(root.frequent.items.size());
  const auto bit = [&](uint32_t bitmap, size_t column) {
    return vertical.bitmaps.data()[bitmap * vertical.words + column / 64] >> column % 64 & 1;
  };
  Baskets found;
  for (size_t column = 0; column < vertical.words * 64; ++column) {
    std::vector<uint32_t> codes;
    for (uint32_t code = 0; code < size; ++code) {
      if (bit(code, column) != 0) codes.push_back(code);
    }
    int64_t weight = vertical.plane_count == 0 ? 1 : 0;
    for (uint32_t p = 0; p < vertical.plane_count; ++p) {
      weight += static_cast<int64_t>(bit(size + p, column)) << p;
    }
    if (!codes.empty()) ++found[{codes, weight}];
  }
  return found;
}

TEST(RootProjectionTest, HoldsTheBasketsWhicheverWayTheyAreKept) {
  int in_bitmaps = 0;
  int in_tid_lists = 0;
  for (const bool weighted : {false, true}) {
    for (const auto& [items, mean_size] : {std::pair<Item, size_t>{30, 8}, {2000, 4}, {300, 20}}) {
      const Shop shop = MakeShop(items, items, mean_size, weighted);
      const BasketView view = shop.view();
      const FrequentItems frequent = CountFrequentItems(view, 20);
      for (const uint32_t min_size : {1u, 2u}) {
        for (const int threads : {1, 2}) {
          const RootProjection root =
              MakeRootProjection(view, frequent, std::nullopt, min_size, threads);
          const Baskets expected = Expected(view, frequent.items, min_size);
          EXPECT_GT(root.memory_bytes, 0);
          if (root.vertical) {
            ++in_bitmaps;
            ASSERT_EQ(FromBitmaps(root), expected);
          } else if (weighted) {
            ++in_tid_lists;
            const Baskets found =
                FromTidLists<uint32_t, int64_t>(root, root.horizontal->wide.data());
            ASSERT_EQ(found, expected);
          } else {
            ++in_tid_lists;
            const Baskets found =
                FromTidLists<uint16_t, uint32_t>(root, root.horizontal->narrow.data());
            ASSERT_EQ(found, expected);
          }
        }
      }
    }
  }
  EXPECT_GT(in_bitmaps, 0);
  EXPECT_GT(in_tid_lists, 0);
}

}  // namespace
}  // namespace clustr::mining
