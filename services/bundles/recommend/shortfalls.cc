#include "services/bundles/recommend/shortfalls.h"

#include <algorithm>
#include <iterator>
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
  if (!query.max_overlap || query.overlap_is_preference) {
    if (!population.reference().ok()) return 0;
    return scoring::CountBundles(population.shop(), population.selection(), *population.reference(),
                                 &population.rarer(), query, wanted);
  }
  const auto answer = SearchBundles(population, model, query, wanted);
  if (absl::IsResourceExhausted(answer.status())) return 0;
  if (!answer.ok()) return answer.status();
  return answer->size();
}

size_t More(size_t count, size_t found) { return std::max(count, found) - found; }

}  // namespace

void AddHelpful(const std::vector<MoreWithout>& more,
                google::protobuf::RepeatedPtrField<v1::Shortfall>* shortfalls) {
  const bool one_helps =
      std::any_of(more.begin(), more.end(), [](const auto& bound) { return bound.count > 0; });
  for (const auto& [field, count] : more) {
    if (one_helps && count == 0) continue;
    v1::Shortfall* shortfall = shortfalls->Add();
    shortfall->set_field(field);
    shortfall->set_more_count(static_cast<int32_t>(count));
  }
}

absl::Status AddShortfalls(PopulationViews* views, const PopulationView& population,
                           const BundleScoring& model, const v1::RecommendBundlesRequest& request,
                           const v1::Population& filled, const BundleQuery& asked, int32_t today,
                           scoring::Wanted wanted, v1::RecommendBundlesResponse* response) {
  const index::Snapshot& shop = population.shop();
  const size_t found = response->recommendations_size();
  if (found >= asked.limit) return absl::OkStatus();
  const index::Population asked_population = PopulationOf(filled);
  std::vector<MoreWithout> more;
  const auto bounds = DropBounds(request, filled);
  // All of these searches together may take as many steps as the one that was asked for.
  const int64_t max_steps = asked.max_steps / std::max<int64_t>(1, std::ssize(bounds));
  for (const auto& bound : bounds) {
    CLUSTR_RETURN_IF_ERROR(wanted());
    CLUSTR_ASSIGN_OR_RETURN(BundleQuery query,
                            BundleQueryOf(shop, bound.without, {asked.max_steps, today}));
    const index::Population wider_population = PopulationOf(bound.without.population());
    size_t count = found;
    if (wider_population != asked_population) {
      query.max_steps = max_steps;
      const auto view = views->Get(population.state_ptr(), wider_population);
      CLUSTR_ASSIGN_OR_RETURN(count, CountAnswers(*view, model, query, wanted));
    } else if (query != asked) {
      query.max_steps = max_steps;
      CLUSTR_ASSIGN_OR_RETURN(count, CountAnswers(population, model, query, wanted));
    }
    more.push_back({bound.field, More(count, found)});
  }
  AddHelpful(more, response->mutable_shortfalls());
  return absl::OkStatus();
}

void AddShortfalls(const index::Snapshot& shop, const v1::RecommendProductsRequest& request,
                   size_t limit, int32_t today, v1::RecommendProductsResponse* response) {
  const size_t found = response->recommendations_size();
  if (found >= limit) return;
  std::vector<MoreWithout> more;
  if (NeedsHistory(request.intent())) {
    // Dropping a bound would not bring back what the intent keeps out.
    more.push_back(
        {"intent",
         More(scoring::CountProducts(shop, ProductQueryOf(shop, request, today)), found)});
    return AddHelpful(more, response->mutable_shortfalls());
  }
  for (const auto& bound : DropBounds(request)) {
    more.push_back(
        {bound.field,
         More(scoring::CountProducts(shop, ProductQueryOf(shop, bound.without, today)), found)});
  }
  AddHelpful(more, response->mutable_shortfalls());
}

}  // namespace clustr::bundles
