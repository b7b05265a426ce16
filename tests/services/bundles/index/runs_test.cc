#include "services/bundles/index/runs.h"

#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/index/basket_log.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::index {
namespace {

// The baskets of `words` as read from their runs, by slot; empty for other slots. Sets `*runs` to
// the number of runs.
std::vector<std::vector<Item>> FromRuns(const BasketLog& log, const std::vector<uint64_t>& words,
                                        int* runs) {
  std::vector<std::vector<Item>> found(log.slot_count());
  Slot next = 0;
  *runs = 0;
  ForEachRun(log, words, [&](const Run& run) {
    const auto& [first, count, items] = run;
    EXPECT_GE(first, next);
    EXPECT_GE(count, 1);
    EXPECT_LE(count, 64);
    size_t size = 0;
    for (int i = 0; i < count; ++i) {
      const absl::Span<const Item> basket = items.subspan(size, log.items(first + i).size());
      found[first + i].assign(basket.begin(), basket.end());
      size += basket.size();
    }
    EXPECT_EQ(size, items.size());
    next = first + count;
    ++*runs;
  });
  return found;
}

TEST(RunsTest, HaveExactlyTheChosenBasketsWhereverBlocksEnd) {
  ForEachSeed(20, [&](uint64_t seed) {
    RandomShop random(seed);
    BasketLog log(1);
    std::vector<std::vector<Item>> baskets;
    // Some baskets are so large that they skip the rest of a block, or several blocks.
    for (int64_t n = random.Number(1, 2'000); n > 0; --n) {
      std::vector<Item> items(random.Number(1, random.OneIn(200) ? 3'000 : 12));
      for (size_t i = 0; i < items.size(); ++i) items[i] = static_cast<Item>(n + i);
      log.Append({}, kNoSlot, items);
      baskets.push_back(items);
    }
    std::vector<uint64_t> words((baskets.size() + 63) / 64);
    const int one_in = static_cast<int>(random.Number(1, 4));
    for (Slot slot = 0; slot < baskets.size(); ++slot) {
      const bool chosen = one_in == 1 || (one_in == 2) != random.OneIn(one_in + 1);
      if (chosen) {
        words[slot / 64] |= uint64_t{1} << (slot % 64);
      } else {
        baskets[slot].clear();
      }
    }
    int runs = 0;
    EXPECT_EQ(FromRuns(log, words, &runs), baskets);
  });
}

TEST(RunsTest, AreAsLongAsAWordIfContiguous) {
  BasketLog log(1);
  for (Item item = 0; item < 130; ++item) log.Append({}, kNoSlot, {item, 1'000});
  int runs = 0;
  FromRuns(log, {~uint64_t{0}, ~uint64_t{0}, 3}, &runs);
  EXPECT_EQ(runs, 3);
}

}  // namespace
}  // namespace clustr::index
