#include "services/bundles/rules/listing_cache.h"

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace clustr::rules {
namespace {

class ListingCacheTest : public ::testing::Test {
 protected:
  std::shared_ptr<const Listing> NewListing() {
    auto listing = std::make_shared<Listing>();
    listing->rules = std::make_shared<const SkuRules>(7);
    listing->order = std::vector<uint32_t>(1000);
    return listing;
  }

  SteadyTime now_;
  ListingCache cache_{[this] { return now_; }};
};

TEST_F(ListingCacheTest, FindsByIdAndByKey) {
  const auto listing = NewListing();
  const auto entry = cache_.Put({.state = 3}, listing);
  EXPECT_EQ(cache_.Find(entry.id)->listing, listing);
  EXPECT_EQ(cache_.Find(ListingKey{.state = 3})->id, entry.id);
  EXPECT_FALSE(cache_.Find(ListingKey{.state = 4}).has_value());
  EXPECT_FALSE(cache_.Find(entry.id + 1).has_value());
}

TEST_F(ListingCacheTest, ForgetsTenMinutesAfterTheLastPage) {
  const auto entry = cache_.Put({}, NewListing());
  now_ += std::chrono::minutes(9);
  EXPECT_TRUE(cache_.Find(entry.id).has_value());
  now_ += std::chrono::minutes(10);
  EXPECT_TRUE(cache_.Find(entry.id).has_value());
  now_ += std::chrono::minutes(10) + std::chrono::seconds(1);
  EXPECT_FALSE(cache_.Find(entry.id).has_value());
}

TEST_F(ListingCacheTest, KeepsTheNewestThirtyTwo) {
  const auto first = cache_.Put({.state = 1}, NewListing());
  for (uint64_t state = 2; state <= 32; ++state) cache_.Put({.state = state}, NewListing());
  EXPECT_TRUE(cache_.Find(first.id).has_value());
  const auto last = cache_.Put({.state = 33}, NewListing());
  EXPECT_FALSE(cache_.Find(first.id).has_value());
  EXPECT_TRUE(cache_.Find(last.id).has_value());
}

TEST_F(ListingCacheTest, StaysWithinItsBytesButKeepsTheNewest) {
  const size_t one = NewListing()->memory_bytes();
  ListingCache small([this] { return now_; }, 2 * one);
  const auto first = small.Put({.state = 1}, NewListing());
  small.Put({.state = 2}, NewListing());
  EXPECT_TRUE(small.Find(first.id).has_value());
  small.Put({.state = 3}, NewListing());
  EXPECT_FALSE(small.Find(first.id).has_value());

  ListingCache tiny([this] { return now_; }, one / 2);
  EXPECT_TRUE(tiny.Find(tiny.Put({}, NewListing()).id).has_value());
}

}  // namespace
}  // namespace clustr::rules
