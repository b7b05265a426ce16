#include "services/bundles/recommend/shortfalls.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/status_macros.h"
#include "services/bundles/recommend/bounds/dropped_bounds.h"
#include "services/bundles/recommend/cold_bundles.h"
#include "services/bundles/recommend/scoring_query.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/product_search.h"
#include "services/bundles/scoring/walk/step_budget.h"

namespace clustr::bundles {
namespace {

using scoring::BundleQuery;

// The explanation of an answer may take this share of the steps of its search.
constexpr int64_t kShare = 5;
// Steps to make the reference pairs of a population, for each line. Measured.
constexpr double kStepsPerLine = 30;

// An answer with one bound dropped.
struct WiderAnswer {
  size_t place;  // Of the bound.
  BundleQuery query;
  std::shared_ptr<const PopulationView> other;  // Null for the population that was asked for.
};

// Counts the bundles of wider answers until the steps run out.
class WiderAnswers {
 public:
  WiderAnswers(const PopulationView& population, const BundleScoring& model, int64_t max_steps,
               scoring::Wanted wanted)
      : population_(population), model_(model), steps_(max_steps, wanted), wanted_(wanted) {
    // The search by a trained model has not made the reference pairs.
    if (model) PayForReference(population);
  }

  // At most query.limit, and at least the number that was found before the steps ran out.
  absl::StatusOr<size_t> Count(const WiderAnswer& answer) {
    const PopulationView& view = answer.other == nullptr ? population_ : *answer.other;
    if (answer.other != nullptr) PayForReference(view);
    if (absl::IsResourceExhausted(steps_.status())) return 0;
    CLUSTR_RETURN_IF_ERROR(steps_.status());
    if (answer.query.max_overlap && !answer.query.overlap_is_preference) {
      return CountBySearch(view, answer.query);
    }
    const absl::StatusOr<PopulationView::ReferencePtr> reference = view.reference(wanted_);
    if (absl::IsResourceExhausted(reference.status())) return 0;
    if (!reference.ok()) return reference.status();
    int64_t& paid = paid_.try_emplace(&view, INT64_MAX).first->second;
    scoring::CountingBudget budget = {&steps_, paid};
    const auto count = scoring::CountBundles(view.shop(), view.selection(), **reference,
                                             &view.rarer(), answer.query, &budget);
    paid = budget.paid_min_count;
    if (!count.ok() || *count > 0 || !HasColdAnchor(view.shop(), answer.query)) return count;
    return CountByLikeness(view, answer.query);
  }

 private:
  void PayForReference(const PopulationView& view) {
    if (!paid_.try_emplace(&view, INT64_MAX).second) return;
    const double share = static_cast<double>(view.selection().basket_count) /
                         static_cast<double>(std::max<int64_t>(1, view.shop().basket_count()));
    steps_.Take(static_cast<int64_t>(kStepsPerLine * share *
                                     static_cast<double>(view.shop().line_count())));
  }
  absl::StatusOr<size_t> CountByLikeness(const PopulationView& view, BundleQuery query) {
    query.max_steps = steps_.left();
    const auto answer = SearchByLikeness(view, model_, query, wanted_);
    steps_.Take(query.max_steps / kShare);  // What it took is not known.
    if (!answer.ok()) return answer.status();
    return answer->size();
  }
  absl::StatusOr<size_t> CountBySearch(const PopulationView& view, BundleQuery query) {
    query.max_steps = steps_.left();
    const auto answer = SearchBundles(view, model_, query, wanted_);
    steps_.Take(query.max_steps / kShare);  // What it took is not known.
    if (absl::IsResourceExhausted(answer.status())) return 0;
    if (!answer.ok()) return answer.status();
    return answer->size();
  }

  const PopulationView& population_;
  const BundleScoring& model_;
  scoring::StepBudget steps_;
  scoring::Wanted wanted_;
  // The populations whose reference pairs are paid for, and from which count on their rarer pairs.
  absl::flat_hash_map<const PopulationView*, int64_t> paid_;
};

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
  std::vector<WiderAnswer> wider;
  for (const auto& bound : DropBounds(request, filled)) {
    CLUSTR_RETURN_IF_ERROR(wanted());
    CLUSTR_ASSIGN_OR_RETURN(BundleQuery query,
                            BundleQueryOf(shop, bound.without, {asked.max_steps, today}));
    const index::Population dropped = PopulationOf(bound.without.population());
    WiderAnswer answer = {.place = more.size(), .query = std::move(query), .other = nullptr};
    more.push_back({bound.field, 0});
    if (dropped != asked_population) {
      answer.other = views->Get(population.state_ptr(), dropped);
    } else if (answer.query == asked) {
      continue;
    }
    wider.push_back(std::move(answer));
  }
  // Other populations cost most, so they come last; a bound whose turn never comes counts as 0.
  std::stable_partition(wider.begin(), wider.end(),
                        [](const WiderAnswer& answer) { return answer.other == nullptr; });
  WiderAnswers answers(population, model, asked.max_steps / kShare, wanted);
  for (const WiderAnswer& answer : wider) {
    CLUSTR_ASSIGN_OR_RETURN(const size_t count, answers.Count(answer));
    more[answer.place].count = More(count, found);
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
