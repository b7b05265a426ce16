#include "services/bundles/recommend/products/trained_parts.h"

#include <optional>
#include <utility>
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
  PartMessages messages(population, item, response);
  double sum = 0;
  std::vector<std::pair<const char*, double>> left_out;  // In the order of the features.
  for (size_t i = 0; i < explained->parts.size(); ++i) {
    const products::ProductPart& part = explained->parts[i];
    const double contribution = part.contribution * explained->population_factor;
    sum += contribution;
    if (i < kMaxParts) {
      messages.Add({part.feature, part.value, contribution, part.from});
    } else {
      if (left_out.empty() || left_out.back().first != part.feature) {
        left_out.emplace_back(part.feature, 0);
      }
      left_out.back().second += contribution;
    }
  }
  for (const auto& [feature, contribution] : left_out) {
    messages.Add({feature, 0, contribution});
  }
  const double rounding = explained->scored.score - sum;
  if (rounding != 0) messages.Add({"rounding", rounding, rounding});
  return explained->kept_out;
}

}  // namespace clustr::bundles
