#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_EVALUATION_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_EVALUATION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/products/product_scorer.h"
#include "services/bundles/training/data/progress.h"
#include "services/bundles/training/ranking_measures.h"
#include "services/bundles/training/test_cases.h"

namespace clustr::training {

// What models are measured with: cases, and what was known before them.
struct TestPeriod {
  const TestCases& cases;
  const CustomerHistories& before;
  int32_t first_day = 0;  // Ages of purchases count from here.
  uint32_t guest_baskets = UINT32_MAX;
  // For each product 1 if the model knows it, so that its purchases are part of a history. Empty if
  // it knows all of them.
  absl::Span<const uint8_t> known = {};
  size_t threads = 1;  // That measure; their number does not change what is measured.
};

// The same cases, but as if every customer were unknown.
inline TestPeriod AnonymousPeriod(const TestPeriod& period) {
  return {period.cases, period.before, period.first_day, 0, period.known, period.threads};
}

// What a model knows of the customer of a case; nothing of a guest.
struct CustomerEvidence {
  std::vector<products::OwnProduct> own;
  products::OwnHistory history;  // Only for a task with a ranker.
};
CustomerEvidence EvidenceOf(const products::TaskModel& task, const TestPeriod& period,
                            uint32_t customer);

// Measure `scorer`, whose model must number the products like the cases do, on the cases of one
// kind. Products of the basket are never ranked; those that the customer has bought before are.
// Errors are those of `wanted`.
absl::StatusOr<RankingMeasures> MeasureCompletion(const products::ProductScorer& scorer,
                                                  const TestPeriod& period, const Wanted& wanted);

// If `history_is_basket`, the products that the customer has bought are given to the model as a
// basket (whose products may be ranked), as heuristic-v0 does, instead of as a history.
absl::StatusOr<RankingMeasures> MeasureNextBasket(const products::ProductScorer& scorer,
                                                  bool history_is_basket, const TestPeriod& period,
                                                  const Wanted& wanted);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_EVALUATION_H_
