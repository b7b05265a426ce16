#include "common/schema/date.h"
#include "services/bundles/recommend/products/counted_intent.h"
#include "services/bundles/recommend/products/part_message.h"
#include "services/bundles/recommend/recommendation_message.h"
#include "services/bundles/scoring/intents/trends.h"

namespace clustr::bundles {
namespace {

class TrendingProducts final : public CountedIntent {
 public:
  TrendingProducts(const PopulationView& population, int32_t recent_days, int32_t today)
      : population_(population),
        trends_(population.shop(), population.selection(), recent_days, today) {}

  void AddBest(const scoring::ProductOffers& offers, size_t limit,
               ProductMessages* products) const override {
    for (const scoring::Trend& trend : trends_.Best(offers, limit)) Fill(trend, products->Add());
  }

  void Explain(mining::Item item, v1::ExplainProductResponse* response) const override {
    const scoring::Trend trend = trends_.Of(item);
    Fill(trend, response->mutable_recommendation());
    AddPart(population_, item, {"growth", trend.score, trend.score}, response);
  }

 private:
  void Fill(const scoring::Trend& trend, v1::ProductRecommendation* message) const {
    FillProduct(population_.shop(), {.item = trend.item, .score = trend.score}, message);
    const scoring::TrendPeriods& periods = trends_.periods();
    v1::ProductTrend* evidence = message->mutable_trend();
    evidence->set_recent_count(trend.recent);
    evidence->set_recent_basket_count(periods.recent_baskets);
    evidence->set_earlier_count(trend.earlier);
    evidence->set_earlier_basket_count(periods.earlier_baskets);
    evidence->set_p_value(trend.p_value);
    if (periods.recent_baskets == 0) return;
    evidence->set_recent_start_date(schema::DateText(periods.recent_start));
    evidence->set_recent_end_date(schema::DateText(periods.recent_end));
    evidence->set_earlier_start_date(schema::DateText(periods.earlier_start));
    if (trend.earlier == 0) return;
    evidence->set_growth(
        (static_cast<double>(trend.recent) / static_cast<double>(periods.recent_baskets)) /
        (static_cast<double>(trend.earlier) / static_cast<double>(periods.earlier_baskets)));
  }

  const PopulationView& population_;
  const scoring::Trends trends_;
};

}  // namespace

std::unique_ptr<const CountedIntent> CountTrending(const PopulationView& population,
                                                   int32_t recent_days, int32_t today) {
  return std::make_unique<TrendingProducts>(population, recent_days, today);
}

}  // namespace clustr::bundles
