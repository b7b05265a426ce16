#include "services/bundles/training/evaluation.h"

#include <algorithm>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/training/data/workers.h"

namespace clustr::training {
namespace {

using products::OwnProduct;
using products::ProductScorer;

constexpr size_t kCasesPerPart = 64;

// What a thread needs while it measures.
struct Worker {
  ProductScorer::Scratch scratch;
  std::vector<float> scores;
  std::vector<ProductNumber> basket;
};

// Measures each case of `cases`: `score(case, customer, &worker)` sets the worker's scores,
// `add(case, scores, &measurement)` adds them to the measurement.
template <class Case, class Score, class Add>
absl::StatusOr<RankingMeasures> MeasureCases(const ProductScorer& scorer, const TestPeriod& period,
                                             const std::vector<Case>& cases, const Wanted& wanted,
                                             Score score, Add add) {
  const size_t parts = (cases.size() + kCasesPerPart - 1) / kCasesPerPart;
  std::vector<RankingMeasurement> measured(parts, RankingMeasurement(scorer.product_count()));
  std::vector<Worker> workers(period.threads);
  absl::Status status = ForEachPart(parts, period.threads, wanted, [&](size_t part, size_t number) {
    Worker& worker = workers[number];
    const size_t end = std::min(cases.size(), (part + 1) * kCasesPerPart);
    for (size_t i = part * kCasesPerPart; i < end; ++i) {
      score(cases[i], EvidenceOf(scorer.task(), period, cases[i].customer), &worker);
      add(cases[i], worker.scores, &measured[part]);
    }
  });
  if (!status.ok()) return status;
  RankingMeasurement all(scorer.product_count());
  for (const RankingMeasurement& part : measured) all.Append(part);
  return all.Result();
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
  return MeasureCases(
      scorer, period, period.cases.completion, wanted,
      [&](const CompletionCase& one, const CustomerEvidence& customer, Worker* worker) {
        scorer.Score({one.basket, customer.own, &customer.history}, &worker->scratch,
                     &worker->scores);
      },
      [&](const CompletionCase& one, absl::Span<const float> scores, RankingMeasurement* measured) {
        measured->Add(scores, absl::MakeConstSpan(&one.hidden, 1), one.basket);
      });
}

absl::StatusOr<RankingMeasures> MeasureNextBasket(const ProductScorer& scorer,
                                                  bool history_is_basket, const TestPeriod& period,
                                                  const Wanted& wanted) {
  return MeasureCases(
      scorer, period, period.cases.next_basket, wanted,
      [&](const NextBasketCase&, const CustomerEvidence& customer, Worker* worker) {
        if (!history_is_basket) {
          return scorer.Score({{}, customer.own, &customer.history}, &worker->scratch,
                              &worker->scores);
        }
        worker->basket.clear();
        for (const OwnProduct& product : customer.own) worker->basket.push_back(product.product);
        scorer.Score({worker->basket, {}}, &worker->scratch, &worker->scores);
      },
      [&](const NextBasketCase& one, absl::Span<const float> scores, RankingMeasurement* measured) {
        measured->Add(scores, one.bought, {});
      });
}

}  // namespace clustr::training
