#include "services/bundles/train/outcome.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/schema/date.h"

namespace clustr::bundles {
namespace {

using training::RankingMeasures;
using training::TaskResult;

RankingMeasures MeasuresOf(const TaskResult& result, const std::string& name) {
  for (const training::MeasuredCandidate& candidate : result.candidates) {
    if (candidate.name == name) return candidate.measures;
  }
  return {};
}

std::string Figures(double challenger, double incumbent, const std::string& active_id,
                    int32_t first_day, size_t case_count) {
  return absl::StrFormat("%.4f against %.4f of %s on the days from %s on (%d cases)", challenger,
                         incumbent, active_id, schema::DateText(first_day), case_count);
}

}  // namespace

Judgement JudgeAgainstHeuristic(const training::TrainedProducts& trained) {
  const size_t cases = trained.completion.case_count + trained.next_basket.case_count;
  if (cases < training::kMinComparedCases) {
    return {false, absl::StrCat("not activated, because only ", cases,
                                " cases could be measured; activate it by hand if you wish")};
  }
  const double challenger =
      training::ComparedSum(MeasuresOf(trained.completion, trained.completion.champion),
                            MeasuresOf(trained.next_basket, trained.next_basket.champion));
  const double incumbent = training::ComparedSum(MeasuresOf(trained.completion, "confidence"),
                                                 MeasuresOf(trained.next_basket, "heuristic_v0"));
  const std::string figures = Figures(challenger, incumbent, kHeuristic, trained.split_day, cases);
  if (challenger >= incumbent) return {true, absl::StrCat("activated, with ", figures)};
  return {false, absl::StrCat("not activated, with ", figures)};
}

Judgement JudgeAgainstModel(const training::Comparison& comparison, const std::string& active_id) {
  if (!comparison.decided()) {
    return {false, absl::StrCat("not activated, because only ", comparison.case_count,
                                " cases are newer than what ", active_id,
                                " has learned from; train again later, or activate it by hand")};
  }
  const std::string figures = Figures(comparison.challenger, comparison.incumbent, active_id,
                                      comparison.first_day, comparison.case_count);
  if (comparison.challenger_wins()) return {true, absl::StrCat("activated, with ", figures)};
  return {false, absl::StrCat("not activated, with ", figures)};
}

std::string NotAskedToActivate() {
  return "not activated, because activate_if_better is not set; ActivateModel activates it";
}

std::string NotWhileTrafficIsDivided() {
  return "not activated, because SetTraffic divides the traffic between models; ActivateModel "
         "activates it and ends the division";
}

std::optional<ShopSize> LastTraining(const Models& models) {
  v1::ListModelsRequest request;
  request.set_page_size(1);
  v1::ListModelsResponse newest;
  if (!models.List(request, &newest).ok() || newest.models_size() == 0) return std::nullopt;
  const v1::Model& model = newest.models(0);
  if (model.end_date().empty()) return std::nullopt;
  return ShopSize{model.basket_count(), 0, schema::EpochDayOf(model.end_date())};
}

}  // namespace clustr::bundles
