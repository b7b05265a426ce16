#include "services/bundles/recommend/shortfalls.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "services/bundles/recommend/dropped_bounds.h"
#include "services/bundles/recommend/scoring_query.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::bundles {
namespace {

using scoring::BundleQuery;

// The number of bundles in the answer to the query.
absl::StatusOr<size_t> CountAnswers(const PopulationView& population, const BundleScoring& model,
                                    const BundleQuery& query, scoring::Wanted wanted) {
  if (!query.max_overlap) {
    return scoring::CountBundles(population.shop(), population.selection(), query, wanted);
  }
  const auto answer = SearchBundles(population, model, query, wanted);
  if (absl::IsResourceExhausted(answer.status())) return 0;
  if (!answer.ok()) return answer.status();
  return answer->size();
}

// Lists the bounds whose loss yields more results, or all of them if none does.
template <class Response>
void AddHelpful(const std::vector<std::pair<std::string, size_t>>& more, Response* response) {
  const bool one_helps =
      std::any_of(more.begin(), more.end(), [](const auto& bound) { return bound.second > 0; });
  for (const auto& [field, count] : more) {
    if (one_helps && count == 0) continue;
    v1::Shortfall* shortfall = response->add_shortfalls();
    shortfall->set_field(field);
    shortfall->set_more_count(static_cast<int32_t>(count));
  }
}

size_t More(size_t count, size_t found) { return std::max(count, found) - found; }

}  // namespace

absl::Status AddShortfalls(const PopulationView& population, const BundleScoring& model,
                           const v1::RecommendBundlesRequest& request, scoring::Wanted wanted,
                           v1::RecommendBundlesResponse* response) {
  const index::Snapshot& shop = population.shop();
  const size_t found = response->recommendations_size();
  CLUSTR_ASSIGN_OR_RETURN(const BundleQuery asked, BundleQueryOf(shop, request));
  if (found >= asked.limit) return absl::OkStatus();
  const index::Population asked_population = PopulationOf(shop, request);
  std::vector<std::pair<std::string, size_t>> more;
  for (const auto& bound : DropBounds(shop, request)) {
    CLUSTR_RETURN_IF_ERROR(wanted());
    CLUSTR_ASSIGN_OR_RETURN(const BundleQuery query, BundleQueryOf(shop, bound.without));
    const index::Population wider_population = PopulationOf(bound.without.population());
    size_t count = found;
    if (wider_population != asked_population) {
      const PopulationView view(population.state_ptr(), wider_population);
      CLUSTR_ASSIGN_OR_RETURN(count, CountAnswers(view, model, query, wanted));
    } else if (query != asked) {
      CLUSTR_ASSIGN_OR_RETURN(count, CountAnswers(population, model, query, wanted));
    }
    more.emplace_back(bound.field, More(count, found));
  }
  AddHelpful(more, response);
  return absl::OkStatus();
}

void AddShortfalls(const index::Snapshot& shop, const v1::RecommendProductsRequest& request,
                   size_t limit, v1::RecommendProductsResponse* response) {
  const size_t found = response->recommendations_size();
  if (found >= limit) return;
  std::vector<std::pair<std::string, size_t>> more;
  if (NeedsHistory(request.intent())) {
    // Dropping a bound would not bring back what the intent keeps out.
    more.emplace_back("intent",
                      More(scoring::CountProducts(shop, ProductQueryOf(shop, request)), found));
    return AddHelpful(more, response);
  }
  for (const auto& bound : DropBounds(request)) {
    more.emplace_back(
        bound.field,
        More(scoring::CountProducts(shop, ProductQueryOf(shop, bound.without)), found));
  }
  AddHelpful(more, response);
}

}  // namespace clustr::bundles
