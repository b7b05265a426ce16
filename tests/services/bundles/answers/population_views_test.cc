#include "services/bundles/answers/population_views.h"

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "services/bundles/index/shop_index.h"

namespace clustr::bundles {
namespace {

StatePtr ShopNumber(uint64_t serial) {
  index::ShopIndex shop;
  for (int64_t id = 1; id <= 6; ++id) {
    shop.PutBasket({id, 1, 0, id % 2 == 0 ? "web" : "store", "", {1, 2, 3}});
  }
  auto state = std::make_shared<State>();
  state->serial = serial;
  state->shop = shop.Publish();
  return state;
}

index::Population Channel(std::string channel) {
  index::Population population;
  population.channels = {std::move(channel)};
  return population;
}

absl::Status Gone() { return absl::CancelledError("gone"); }

TEST(PopulationViewTest, ReferenceEndsWhenItsCallerHasGoneAndIsThereForTheNextOne) {
  PopulationViews views;
  const auto view = views.Get(ShopNumber(1), {});
  EXPECT_EQ(view->reference(Gone).status().code(), absl::StatusCode::kCancelled);
  const auto reference = view->reference(scoring::AlwaysWanted);
  ASSERT_TRUE(reference.ok());
  EXPECT_EQ((*reference)->strengths.size(), 3u);
  // What is known takes no work, so nobody is asked.
  EXPECT_EQ(view->reference(Gone).value(), *reference);
}

// They were counted under a lock, so a thread of low priority held up all others.
TEST(PopulationViewTest, ItemCountsAreTheSameForAllWhoAskAtOnce) {
  PopulationViews views;
  const auto view = views.Get(ShopNumber(1), Channel("web"));
  std::vector<const std::vector<uint32_t>*> counts(4);
  std::vector<std::thread> threads;
  for (auto& found : counts) threads.emplace_back([&] { found = &view->item_counts(); });
  for (std::thread& thread : threads) thread.join();
  for (const auto* found : counts) EXPECT_EQ(found, counts.front());
  EXPECT_EQ(*counts.front(), std::vector<uint32_t>({3, 3, 3}));
  EXPECT_TRUE(views.Get(ShopNumber(2), {})->item_counts().empty());
}

TEST(RecentShopsTest, AreSharedByThoseWhoAskForTheSameShopAndHalfLife) {
  RecentShops recent;
  const StatePtr state = ShopNumber(1);
  const auto first = recent.Get(state->shop, 20);
  EXPECT_EQ(recent.Get(state->shop, 20), first);
  const auto other = recent.Get(state->shop, 30);
  EXPECT_NE(other, first);
  EXPECT_EQ(recent.Get(state->shop, 20), first);
  EXPECT_EQ(recent.Get(state->shop, 30), other);
  EXPECT_NE(recent.Get(ShopNumber(2)->shop, 20), first);
}

TEST(PopulationViewsTest, KeepsWhatFitsAndAlwaysTheNewest) {
  const StatePtr state = ShopNumber(1);
  PopulationViews roomy;
  const auto kept = roomy.Get(state, {});
  roomy.Get(state, Channel("web"));
  EXPECT_EQ(roomy.Get(state, {}), kept);

  PopulationViews narrow([] { return 1; }, 1);
  const auto first = narrow.Get(state, {});
  EXPECT_EQ(narrow.Get(state, {}), first);
  narrow.Get(state, Channel("web"));
  EXPECT_NE(narrow.Get(state, {}), first);
}

TEST(PopulationViewsTest, BytesGrowWithWhatIsComputed) {
  PopulationViews views;
  const auto view = views.Get(ShopNumber(1), {});
  const size_t before = view->memory_bytes();
  ASSERT_TRUE(view->reference(scoring::AlwaysWanted).ok());
  const size_t with_reference = view->memory_bytes();
  EXPECT_GT(with_reference, before);
  ASSERT_TRUE(view->rarer()
                  .Get(view->shop(), view->selection(),
                       (*view->reference(scoring::AlwaysWanted))->maxima, {.min_count = 1})
                  .ok());
  EXPECT_GT(view->memory_bytes(), with_reference);
}

TEST(PopulationViewsTest, ViewsThatHaveGrownMakeRoomWhenTheNextOneIsAskedFor) {
  const StatePtr state = ShopNumber(1);
  const auto measured = PopulationViews().Get(state, {});
  const size_t empty = measured->memory_bytes();
  const auto pairs = measured->reference(scoring::AlwaysWanted);
  ASSERT_TRUE(pairs.ok());
  const size_t full = measured->memory_bytes();
  ASSERT_GT(full, empty);
  PopulationViews tight([] { return 1; }, full + empty - 1);
  const std::weak_ptr<const PopulationView> web = tight.Get(state, Channel("web"));
  const auto grown = tight.Get(state, {});
  EXPECT_FALSE(web.expired());
  ASSERT_TRUE(grown->reference(scoring::AlwaysWanted).ok());
  EXPECT_EQ(tight.Get(state, {}), grown);
  EXPECT_TRUE(web.expired());
}

TEST(PopulationViewsTest, KeepsFewViewsOfOlderStates) {
  PopulationViews views;
  std::vector<std::weak_ptr<const PopulationView>> seen;
  for (uint64_t serial = 1; serial <= 10; ++serial) {
    seen.push_back(views.Get(ShopNumber(serial), {}));
  }
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i].expired(), i < 5) << i;
}

}  // namespace
}  // namespace clustr::bundles
