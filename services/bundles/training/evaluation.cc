#include "services/bundles/training/evaluation.h"

#include <vector>

#include "absl/types/span.h"

namespace clustr::training {
namespace {

using products::OwnProduct;
using products::ProductScorer;

constexpr size_t kCasesPerCheck = 64;

// Scores each case of `cases`: `score(case, customer, &scores)` sets the scores, `add(case, scores)`
// adds them to the measurement.
template <class Case, class Score, class Add>
absl::Status ForEachCase(const ProductScorer& scorer, const TestPeriod& period,
                         const std::vector<Case>& cases, const Wanted& wanted, Score score,
                         Add add) {
  std::vector<float> scores;
  for (size_t i = 0; i < cases.size(); ++i) {
    if (i % kCasesPerCheck == 0) {
      if (absl::Status status = wanted(); !status.ok()) return status;
    }
    score(cases[i], EvidenceOf(scorer.task(), period, cases[i].customer), &scores);
    add(cases[i], scores);
  }
  return absl::OkStatus();
}

}  // namespace

CustomerEvidence EvidenceOf(const products::TaskModel& task, const TestPeriod& period,
                            uint32_t customer) {
  if (period.before.IsGuest(customer, period.guest_baskets)) return {};
  CustomerEvidence evidence;
  evidence.own = period.before.Own(customer, period.first_day, task.weights.own_half_life_days);
  if (task.ranker) evidence.history = period.before.History(customer, period.first_day);
  if (!period.known.empty()) {
    const auto is_unknown = [&](const auto& one) { return period.known[one.product] == 0; };
    std::erase_if(evidence.own, is_unknown);
    std::erase_if(evidence.history.records, is_unknown);
  }
  return evidence;
}

absl::StatusOr<RankingMeasures> MeasureCompletion(const ProductScorer& scorer,
                                                  const TestPeriod& period, const Wanted& wanted) {
  RankingMeasurement measurement(scorer.product_count());
  ProductScorer::Scratch scratch;
  absl::Status status = ForEachCase(
      scorer, period, period.cases.completion, wanted,
      [&](const CompletionCase& one, const CustomerEvidence& customer, std::vector<float>* scores) {
        scorer.Score({one.basket, customer.own, &customer.history}, &scratch, scores);
      },
      [&](const CompletionCase& one, absl::Span<const float> scores) {
        measurement.Add(scores, absl::MakeConstSpan(&one.hidden, 1), one.basket);
      });
  if (!status.ok()) return status;
  return measurement.Result();
}

absl::StatusOr<RankingMeasures> MeasureNextBasket(const ProductScorer& scorer,
                                                  bool history_is_basket, const TestPeriod& period,
                                                  const Wanted& wanted) {
  RankingMeasurement measurement(scorer.product_count());
  ProductScorer::Scratch scratch;
  std::vector<ProductNumber> basket;
  absl::Status status = ForEachCase(
      scorer, period, period.cases.next_basket, wanted,
      [&](const NextBasketCase&, const CustomerEvidence& customer, std::vector<float>* scores) {
        if (!history_is_basket) {
          return scorer.Score({{}, customer.own, &customer.history}, &scratch, scores);
        }
        basket.clear();
        for (const OwnProduct& product : customer.own) basket.push_back(product.product);
        scorer.Score({basket, {}}, &scratch, scores);
      },
      [&](const NextBasketCase& one, absl::Span<const float> scores) {
        measurement.Add(scores, one.bought, {});
      });
  if (!status.ok()) return status;
  return measurement.Result();
}

}  // namespace clustr::training
