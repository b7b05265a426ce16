#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_STEP_BUDGET_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_STEP_BUDGET_H_

#include <cstdint>

#include "absl/status/status.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::scoring {

// Counts the steps of a search, so that it ends after the same amount of work on every machine. A
// step is about a nanosecond. Not thread-safe; borrows `wanted`.
class StepBudget {
 public:
  StepBudget(int64_t max_steps, Wanted wanted) : left_(max_steps), wanted_(wanted) {}

  // Takes `steps`. False if the search must end; status() then says why.
  bool Take(int64_t steps) {
    left_ -= steps;
    since_asked_ += steps;
    if (left_ >= 0 && since_asked_ < kStepsBetweenChecks) return true;
    return Check();
  }
  // OK, RESOURCE_EXHAUSTED once the steps are used up, or the error of `wanted`.
  const absl::Status& status() const { return status_; }
  int64_t left() const { return left_; }
  Wanted wanted() const { return wanted_; }

 private:
  static constexpr int64_t kStepsBetweenChecks = 1 << 20;

  bool Check() {
    since_asked_ = 0;
    if (!status_.ok()) return false;
    status_ = left_ < 0 ? absl::ResourceExhaustedError("the search takes more than max_steps")
                        : wanted_();
    if (!status_.ok()) left_ = -1;  // From now on, no step is left.
    return status_.ok();
  }

  int64_t left_;
  int64_t since_asked_ = 0;
  Wanted wanted_;
  absl::Status status_;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_STEP_BUDGET_H_
