#include "services/bundles/training/train_products.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/bundles/products/product_scorer.h"
#include "services/bundles/training/evaluation.h"
#include "services/bundles/training/test_cases.h"
#include "services/bundles/training/tuning.h"

namespace clustr::training {
namespace {

using products::ProductModel;
using products::ProductScorer;

constexpr int kTunedPercent = 60;
constexpr int kMeasuredPercent = 85;

absl::Status CheckSizes(const Purchases& purchases, int32_t split_day) {
  const size_t before = purchases.CountBefore(split_day);
  const size_t after = purchases.size() - before;
  if (before >= kMinBasketsBefore && after >= kMinBasketsAfter) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "there are ", before, " baskets before the split date and ", after,
      " from it on, but a model needs at least ", kMinBasketsBefore, " and ", kMinBasketsAfter,
      "; import or record more purchases, or give another split_date"));
}

// Measures the candidates of one task on `period`, and names the champion: the first with the
// highest `value_of` its measures.
template <class MeasureOne, class ValueOf>
absl::StatusOr<TaskResult> Compare(const std::vector<Candidate>& candidates,
                                   const ProductModel& frame, size_t case_count,
                                   MeasureOne measure_one, ValueOf value_of) {
  TaskResult result;
  result.case_count = case_count;
  double best = -1;
  for (const Candidate& candidate : candidates) {
    MeasuredCandidate measured = {candidate.name, {}, {}};
    const absl::Status status =
        measure_one(ProductScorer(frame, candidate.task), candidate, &measured);
    if (!status.ok()) return status;
    result.candidates.push_back(measured);
    if (candidate.history_is_basket || value_of(measured) <= best) continue;
    best = value_of(measured);
    result.champion = candidate.name;
  }
  return result;
}

absl::Status MeasureAll(const Learned& learned, const TestPeriod& period, const Settings& settings,
                        const TrainingLimits& limits, const Wanted& wanted,
                        TrainedProducts* trained) {
  const ProductModel frame = FrameOf(learned);
  {
    const auto candidates = CompletionCandidates(learned, settings, limits, wanted);
    if (!candidates.ok()) return candidates.status();
    auto result = Compare(
        *candidates, frame, period.cases.completion.size(),
        [&](const ProductScorer& scorer, const Candidate&, MeasuredCandidate* one) {
          const auto measured = MeasureCompletion(scorer, period, wanted);
          if (!measured.ok()) return measured.status();
          const auto anonymous = MeasureCompletion(scorer, AnonymousPeriod(period), wanted);
          if (!anonymous.ok()) return anonymous.status();
          one->measures = *measured;
          one->anonymous_ndcg = anonymous->ndcg;
          return absl::OkStatus();
        },
        [](const MeasuredCandidate& one) {
          return one.measures.ndcg.value + one.anonymous_ndcg.value;
        });
    if (!result.ok()) return result.status();
    trained->completion = *std::move(result);
  }
  const auto candidates = NextBasketCandidates(learned, settings, limits, wanted);
  if (!candidates.ok()) return candidates.status();
  auto result = Compare(
      *candidates, frame, period.cases.next_basket.size(),
      [&](const ProductScorer& scorer, const Candidate& candidate, MeasuredCandidate* one) {
        const auto measured =
            MeasureNextBasket(scorer, candidate.history_is_basket, period, wanted);
        if (measured.ok()) one->measures = *measured;
        return measured.status();
      },
      [](const MeasuredCandidate& one) { return one.measures.recall.value; });
  if (!result.ok()) return result.status();
  trained->next_basket = *std::move(result);
  return absl::OkStatus();
}

// The cases in the baskets [learned.end, end).
TestCases CasesAfter(const Learned& learned, size_t end, const TrainingOptions& options) {
  return FindTestCases(learned.purchases, learned.end, end, learned.histories,
                       learned.guest_baskets, options.seed, options.max_cases);
}

}  // namespace

int32_t LastFifth(int32_t first_day, int32_t last_day) {
  const int32_t days = last_day - first_day + 1;
  return last_day + 1 - (days + 2) / 5;  // Rounded to the nearest day.
}

absl::StatusOr<TrainedProducts> TrainProducts(const Purchases& purchases,
                                              const TrainingOptions& options, const Wanted& wanted,
                                              const Progress& progress) {
  if (purchases.size() == 0) {
    return absl::FailedPreconditionError(
        "there are no baskets yet; import or record purchases, and then train");
  }
  TrainedProducts trained;
  const int32_t first_day = purchases.days.front();
  const int32_t last_day = purchases.days.back();
  trained.split_day = options.split_day.value_or(LastFifth(first_day, last_day));
  if (absl::Status status = CheckSizes(purchases, trained.split_day); !status.ok()) return status;
  const size_t split = purchases.CountBefore(trained.split_day);

  {
    progress("tuning", 0);
    const int32_t day = LastFifth(first_day, trained.split_day - 1);
    const Learned learned(purchases, purchases.CountBefore(day), day);
    const TestCases cases = CasesAfter(learned, split, options);
    const TestPeriod period = {cases, learned.histories, day, learned.guest_baskets};
    auto tuned = Tune(learned, period, options.limits, wanted, [&](double share) {
      progress("tuning", static_cast<int>(share * kTunedPercent));
    });
    if (!tuned.ok()) return tuned.status();
    trained.settings = *std::move(tuned);
  }
  {
    progress("evaluating", kTunedPercent);
    const Learned learned(purchases, split, trained.split_day);
    const TestCases cases = CasesAfter(learned, purchases.size(), options);
    const TestPeriod period = {cases, learned.histories, trained.split_day, learned.guest_baskets};
    absl::Status status =
        MeasureAll(learned, period, trained.settings, options.limits, wanted, &trained);
    if (!status.ok()) return status;
  }
  progress("fitting", kMeasuredPercent);
  const Learned learned(purchases, purchases.size(), last_day + 1);
  auto model = FitModel(learned, trained.completion.champion, trained.next_basket.champion,
                        trained.settings, options.limits, wanted);
  if (!model.ok()) return model.status();
  trained.model = *std::move(model);
  progress("fitting", 100);
  return trained;
}

absl::StatusOr<ProductModel> FitModel(const Learned& learned, const std::string& completion,
                                      const std::string& next_basket, const Settings& settings,
                                      const TrainingLimits& limits, const Wanted& wanted) {
  ProductModel model = FrameOf(learned);
  auto first = FitCompletion(learned, completion, settings, limits, wanted);
  if (!first.ok()) return first.status();
  auto second = FitNextBasket(learned, next_basket, settings, limits, wanted);
  if (!second.ok()) return second.status();
  model.completion = std::move(first->task);
  model.next_basket = std::move(second->task);
  return model;
}

}  // namespace clustr::training
