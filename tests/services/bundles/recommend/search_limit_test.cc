#include "services/bundles/recommend/search_limit.h"

#include <string>

#include "common/base/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::bundles {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SearchLimitTest, NamesTheBoundThatHardlyAnythingMeets) {
  scoring::BundleQuery query;
  query.min_total_price_cents = 5'000;
  query.max_steps = 1'000;
  const absl::Status status = SearchLimitError(query);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonName(ReasonOf(status)), "RESULT_LIMIT");
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("one call, 1000; loosen constraints.min_total_price, or raise "
                        "constraints.min_support (now 0.001)"));
}

TEST(SearchLimitTest, OtherwiseNamesTheBoundsThatAdmitFewer) {
  scoring::BundleQuery query;
  query.max_items = 5;
  const std::string message(SearchLimitError(query).message());
  EXPECT_THAT(message, Not(HasSubstr("loosen")));
  EXPECT_THAT(message, HasSubstr("; raise constraints.min_support (now 0.001) or "
                                 "constraints.min_confidence (now 0.1), or lower "
                                 "constraints.max_items (now 5)"));
}

}  // namespace
}  // namespace clustr::bundles
