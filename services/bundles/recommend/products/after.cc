#include <algorithm>

#include "services/bundles/recommend/products/counted_intent.h"
#include "services/bundles/recommend/products/part_message.h"
#include "services/bundles/recommend/recommendation_message.h"
#include "services/bundles/scoring/intents/sequels.h"

namespace clustr::bundles {
namespace {

class ProductsAfter final : public CountedIntent {
 public:
  ProductsAfter(const PopulationView& population, mining::Item first, int32_t within_days)
      : population_(population),
        first_(first),
        sequels_(population.shop(), population.selection(), first, within_days) {}

  void AddBest(const scoring::ProductOffers& offers, size_t limit,
               ProductMessages* products) const override {
    for (const scoring::Sequel& sequel : sequels_.Best(offers, limit)) {
      Fill(sequel, products->Add());
    }
  }

  void Explain(mining::Item item, v1::ExplainProductResponse* response) const override {
    const scoring::Sequel sequel = sequels_.Of(item);
    Fill(sequel, response->mutable_recommendation());
    const double buyers = static_cast<double>(std::max<int64_t>(1, sequels_.buyers()));
    const double after = static_cast<double>(sequel.after) / buyers;
    const double before = -static_cast<double>(sequel.before) / buyers;
    AddPart(population_, item, {"bought_after", after, after, first_}, response);
    AddPart(population_, item, {"bought_before", before, before, first_}, response);
  }

 private:
  void Fill(const scoring::Sequel& sequel, v1::ProductRecommendation* message) const {
    FillProduct(population_.shop(),
                {.item = sequel.item, .score = sequel.score, .because = {first_}}, message);
    v1::ProductSequel* evidence = message->mutable_sequel();
    evidence->set_buyer_count(sequels_.buyers());
    evidence->set_after_count(sequel.after);
    evidence->set_before_count(sequel.before);
    evidence->set_median_gap_days(sequel.median_gap_days);
  }

  const PopulationView& population_;
  const mining::Item first_;
  const scoring::Sequels sequels_;
};

}  // namespace

std::unique_ptr<const CountedIntent> CountAfter(const PopulationView& population,
                                                mining::Item first, int32_t within_days) {
  return std::make_unique<ProductsAfter>(population, first, within_days);
}

}  // namespace clustr::bundles
