#include "services/bundles/models/traffic.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::bundles {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ModelOfKeyTest, KeysAreDividedByTheShares) {
  const std::vector<TrafficShare> shares = {{"a", 50}, {"b", 30}, {"c", 20}};
  std::map<std::string, int> counts;
  for (int i = 0; i < 100'000; ++i) ++counts[ModelOfKey(shares, absl::StrCat("customer ", i))];
  EXPECT_NEAR(counts["a"], 50'000, 1'000);
  EXPECT_NEAR(counts["b"], 30'000, 1'000);
  EXPECT_NEAR(counts["c"], 20'000, 1'000);
}

TEST(ModelOfKeyTest, AKeyStaysWhereItsPlaceStays) {
  // A share that grows at its end takes keys from the next one only.
  const std::vector<TrafficShare> before = {{"a", 50}, {"b", 50}};
  const std::vector<TrafficShare> after = {{"a", 60}, {"b", 40}};
  for (int i = 0; i < 1'000; ++i) {
    const std::string key = absl::StrCat("session-", i);
    EXPECT_EQ(ModelOfKey(before, key), ModelOfKey(before, key));
    if (ModelOfKey(before, key) == "a") {
      EXPECT_EQ(ModelOfKey(after, key), "a");
    }
  }
  // The places are those of every build: the first eight bytes of SHA-256, modulo 100.
  EXPECT_EQ(ModelOfKey({{"low", 43}, {"high", 57}}, "abc"),
            ModelOfKey({{"low", 44}, {"high", 56}}, "abc"));
}

TEST(ModelOfKeyTest, NobodyHasAShare) { EXPECT_EQ(ModelOfKey({}, "key"), ""); }

std::vector<Violation> Violations(const std::vector<TrafficShare>& shares) {
  v1::SetTrafficRequest request;
  for (const TrafficShare& share : shares) {
    request.add_shares()->set_model_id(share.model_id);
    request.mutable_shares()->rbegin()->set_percent(share.percent);
  }
  std::vector<Violation> violations;
  CheckTraffic(request, &violations);
  return violations;
}

TEST(CheckTrafficTest, SharesAddUpToAHundredOfDistinctModels) {
  EXPECT_THAT(Violations({}), IsEmpty());
  EXPECT_THAT(Violations({{"a", 100}}), IsEmpty());
  EXPECT_THAT(Violations({{"a", 1}, {"b", 99}}), IsEmpty());
  const auto short_of = Violations({{"a", 50}, {"b", 49}});
  ASSERT_THAT(short_of, SizeIs(1));
  EXPECT_EQ(short_of[0].field, "shares");
  EXPECT_THAT(short_of[0].description,
              HasSubstr("add up to 99; give percentages that add up to 100"));
  const auto twice = Violations({{"a", 50}, {"a", 50}});
  ASSERT_THAT(twice, SizeIs(1));
  EXPECT_EQ(twice[0].field, "shares[1].model_id");
}

}  // namespace
}  // namespace clustr::bundles
