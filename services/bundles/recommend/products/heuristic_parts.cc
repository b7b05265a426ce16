#include "services/bundles/recommend/products/heuristic_parts.h"

#include <algorithm>
#include <vector>

#include "services/bundles/index/co_counts.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/recommend/products/part_message.h"
#include "services/bundles/recommend/recommendation_message.h"

namespace clustr::bundles {
namespace {

constexpr size_t kMaxParts = 1000;

struct Confidence {
  double value;
  int64_t sku;
  mining::Item from;

  // True if this one ranks before `other`.
  bool operator<(const Confidence& other) const {
    return value != other.value ? value > other.value : sku < other.sku;
  }
};

// The products of the basket that share baskets with `item`, highest confidence first.
std::vector<Confidence> Confidences(const PopulationView& population,
                                    std::vector<mining::Item> basket, mining::Item item) {
  const index::Snapshot& shop = population.shop();
  std::sort(basket.begin(), basket.end());
  basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
  const index::CoCountRow row = index::CountTogether(shop, population.selection(), item);
  std::vector<Confidence> confidences;
  for (const mining::Item from : basket) {
    const uint32_t together = row.CountOf(from);
    if (together == 0 || from == item) continue;
    const auto count = static_cast<double>(index::Count(shop, population.selection(), {&from, 1}));
    confidences.push_back({together / count, shop.sku_of(from), from});
  }
  std::sort(confidences.begin(), confidences.end());
  return confidences;
}

}  // namespace

void ExplainHeuristic(const PopulationView& population, const scoring::ProductQuery& query,
                      mining::Item item, v1::ExplainProductResponse* response) {
  const index::Snapshot& shop = population.shop();
  const index::Selection& selection = population.selection();
  scoring::ScoredProduct scored = {.item = item};
  if (query.basket.empty()) {
    if (selection.basket_count > 0) {
      scored.score = static_cast<double>(index::Count(shop, selection, {&item, 1})) /
                     static_cast<double>(selection.basket_count);
    }
    AddPart(population, item, {"popularity", scored.score, scored.score}, response);
  }
  std::vector<Confidence> confidences = Confidences(population, query.basket, item);
  if (!confidences.empty()) scored.score = confidences.front().value;
  for (size_t i = 0; i < std::min(confidences.size(), kMaxParts); ++i) {
    const Confidence& confidence = confidences[i];
    if (i < scoring::kMaxReasons) scored.because.push_back(confidence.from);
    // Only the highest one counts.
    AddPart(population, item,
            {"confidence", confidence.value, i == 0 ? confidence.value : 0, confidence.from},
            response);
  }
  FillProduct(shop, scored, response->mutable_recommendation());
}

}  // namespace clustr::bundles
