#include "services/bundles/mining/base/thresholds.h"

#include <cmath>
#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace clustr::mining {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string Refusal(const Thresholds& thresholds) {
  const absl::Status status = ValidateThresholds(thresholds);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(ThresholdsTest, DefaultsAndBoundsAreValid) {
  EXPECT_TRUE(ValidateThresholds({}).ok());
  EXPECT_TRUE(ValidateThresholds({.min_support = 0,
                                  .min_confidence = 0,
                                  .min_lift = 0,
                                  .min_count = 1,
                                  .max_p_value = 0,
                                  .max_items = 2,
                                  .max_consequents = 1})
                  .ok());
  EXPECT_TRUE(ValidateThresholds({.min_support = 1,
                                  .min_confidence = 1,
                                  .min_lift = 1e300,
                                  .max_p_value = 1,
                                  .max_items = 8})
                  .ok());
}

TEST(ThresholdsTest, NamesFieldValueAndRemedy) {
  EXPECT_EQ(Refusal({.min_support = kNan}),
            "thresholds.min_support: nan is not between 0 and 1; give 0 to 1");
  EXPECT_EQ(Refusal({.min_support = 1.5}),
            "thresholds.min_support: 1.5 is not between 0 and 1; give 0 to 1");
  EXPECT_EQ(Refusal({.min_confidence = -0.5}),
            "thresholds.min_confidence: -0.5 is not between 0 and 1; give 0 to 1");
  EXPECT_EQ(Refusal({.min_lift = -1}), "thresholds.min_lift: -1 is not 0 or above; give 0 or more");
  EXPECT_EQ(Refusal({.min_lift = kNan}),
            "thresholds.min_lift: nan is not 0 or above; give 0 or more");
  EXPECT_EQ(Refusal({.min_count = 0}), "thresholds.min_count: 0 is below 1; give 1 or more");
  EXPECT_EQ(Refusal({.max_p_value = kNan}),
            "thresholds.max_p_value: nan is not between 0 and 1; give 0 to 1");
  EXPECT_EQ(Refusal({.max_items = 1}),
            "thresholds.max_items: 1 is not between 2 and 8; give 2 to 8");
  EXPECT_EQ(Refusal({.max_items = 9}),
            "thresholds.max_items: 9 is not between 2 and 8; give 2 to 8");
  EXPECT_EQ(Refusal({.max_consequents = -1}),
            "thresholds.max_consequents: -1 is below 0; give 1 or more, or 0 for no limit");
}

}  // namespace
}  // namespace clustr::mining
