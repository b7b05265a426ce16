#include "services/bundles/recommend/products/trained_parts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/bundles/products/trained_search.h"
#include "services/bundles/recommend/products/part_message.h"
#include "services/bundles/recommend/recommendation_message.h"

namespace clustr::bundles {
namespace {

constexpr size_t kMaxParts = 1000;

}  // namespace

bool ExplainTrained(const KnownModel& model, const PopulationView& population,
                    const scoring::ProductQuery& query, mining::Item item,
                    v1::ExplainProductResponse* response) {
  const std::optional<products::ExplainedProduct> explained =
      products::ExplainTrained(*model.products, population.shop(), population.selection(),
                               population.item_counts(), query, item);
  if (!explained) {  // The intent needs a history, and there is none.
    FillProduct(population.shop(), {.item = item}, response->mutable_recommendation());
    return true;
  }
  FillProduct(population.shop(), explained->scored, response->mutable_recommendation());
  response->set_population_factor(explained->population_factor);
  double sum = 0;
  std::map<const char*, double> left_out;
  for (size_t i = 0; i < explained->parts.size(); ++i) {
    const products::ProductPart& part = explained->parts[i];
    const double contribution = part.contribution * explained->population_factor;
    sum += contribution;
    if (i < kMaxParts) {
      AddPart(population, item, {part.feature, part.value, contribution, part.from}, response);
    } else {
      left_out[part.feature] += contribution;
    }
  }
  for (const auto& [feature, contribution] : left_out) {
    AddPart(population, item, {feature, 0, contribution}, response);
  }
  const double rounding = explained->scored.score - sum;
  if (rounding != 0) AddPart(population, item, {"rounding", rounding, rounding}, response);
  return explained->kept_out;
}

}  // namespace clustr::bundles
