#include "services/bundles/answers/rule_answers.h"

#include <atomic>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/shop_index.h"
#include "tests/testing/matchers.h"

namespace clustr::bundles {
namespace {

using testing::Fails;
using testing::IsOk;

// A shop of five equal baskets with `products` products, so that there are 2^products itemsets.
StatePtr ShopOfOneBasket(int64_t products) {
  index::ShopIndex shop;
  std::vector<int64_t> basket;
  for (int64_t sku = 1; sku <= products; ++sku) basket.push_back(sku);
  for (int64_t id = 1; id <= 5; ++id) {
    index::Basket bought;
    bought.transaction_id = id;
    bought.product_skus = basket;
    shop.PutBasket(bought);
  }
  auto state = std::make_shared<State>();
  state->serial = 1;
  state->shop = shop.Publish();
  return state;
}

class RuleAnswersTest : public ::testing::Test {
 protected:
  // A query with so many rules that mining them would take hours.
  static rules::SkuRuleQuery Endless() {
    rules::SkuRuleQuery query;
    query.thresholds.max_items = 8;
    query.thresholds.max_consequents = 7;
    return query;
  }

  PopulationViews populations_;
  RuleAnswers answers_{&populations_, 1'000'000'000'000};
};

TEST_F(RuleAnswersTest, MiningEndsAtTheDeadlineOfItsCaller) {
  const StatePtr state = ShopOfOneBasket(200);
  EXPECT_THAT(answers_.Get(state, Endless(), {Deadline::In(absl::Milliseconds(20))}),
              Fails(absl::StatusCode::kDeadlineExceeded, "", "the deadline passed"));
}

TEST_F(RuleAnswersTest, MiningEndsAtTheTimeLimitOfTheServer) {
  const StatePtr state = ShopOfOneBasket(200);
  const std::string message = "raise thresholds.min_support";
  const Caller caller = {.limit = {Deadline::In(absl::Milliseconds(20)), &message}};
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(answers_.Get(state, Endless(), caller),
                Fails(absl::StatusCode::kDeadlineExceeded, "TIME_LIMIT", message));
    EXPECT_EQ(answers_.Find(state, Endless()), nullptr) << "the next call may have more time";
  }
}

TEST_F(RuleAnswersTest, AnswerThatACallerDidNotWaitForIsMinedForTheNext) {
  const StatePtr state = ShopOfOneBasket(3);
  const std::atomic<bool> cancelled{true};
  EXPECT_THAT(answers_.Get(state, {}, {{}, &cancelled}),
              Fails(absl::StatusCode::kCancelled, "", "the client cancelled the call"));
  const RuleAnswers::Answer answer = answers_.Get(state, {});
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ((*answer)->size(), 12);
}

TEST_F(RuleAnswersTest, FloorOfTheNewestStateStaysCachedDespiteOtherQueries) {
  const StatePtr state = ShopOfOneBasket(3);
  const RuleAnswers::Answer floor = answers_.Get(state, {});
  ASSERT_THAT(floor, IsOk());
  for (int max_items = 2; max_items <= 8; ++max_items) {
    for (int max_consequents = 1; max_consequents <= 2; ++max_consequents) {
      rules::SkuRuleQuery other;
      other.thresholds.max_items = max_items;
      other.thresholds.max_consequents = max_consequents;
      ASSERT_THAT(answers_.Get(state, other), IsOk());
    }
  }
  const auto kept = answers_.Find(state, {});
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(**kept, *floor);
  EXPECT_EQ(answers_.floor_size(), 12);

  auto next = std::make_shared<State>(*state);
  next->serial = 2;
  EXPECT_EQ(answers_.Find(next, {}), nullptr);
  ASSERT_THAT(answers_.Get(next, {}), IsOk());
  EXPECT_NE(answers_.Find(next, {}), nullptr);
}

}  // namespace
}  // namespace clustr::bundles
