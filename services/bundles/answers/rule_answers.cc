#include "services/bundles/answers/rule_answers.h"

namespace clustr::bundles {

std::shared_ptr<const RuleAnswers::Answer> RuleAnswers::Find(const StatePtr& state,
                                                             const rules::RuleQuestion& question) {
  if (question == rules::RuleQuestion()) {
    absl::MutexLock lock(&mutex_);
    if (state->serial == floor_serial_) return floor_;
  }
  return cache_.Find({state->serial, question});
}

RuleAnswers::Answer RuleAnswers::Get(const StatePtr& state, const rules::RuleQuestion& question,
                                     const Caller& caller, int threads) {
  if (const auto kept = Find(state, question)) return *kept;
  const auto population = populations_.Get(state, question.population);
  absl::StatusOr<rules::SkuRules> mined = rules::MineAnswer(*state->shop, population->selection(),
                                                            question, max_rules_, caller, threads);
  if (absl::IsCancelled(mined.status()) || absl::IsDeadlineExceeded(mined.status())) {
    return mined.status();
  }
  if (!mined.ok()) {
    Answer refusal = mined.status();
    cache_.Put({state->serial, question}, std::make_shared<const Answer>(refusal), 0);
    return refusal;
  }
  const size_t bytes = mined->memory_bytes();
  auto answer =
      std::make_shared<const Answer>(std::make_shared<const rules::SkuRules>(*std::move(mined)));
  if (question == rules::RuleQuestion()) KeepFloor(state->serial, answer);
  cache_.Put({state->serial, question}, answer, bytes);
  return *answer;
}

void RuleAnswers::KeepFloor(uint64_t serial, std::shared_ptr<const Answer> floor) {
  absl::MutexLock lock(&mutex_);
  if (serial <= floor_serial_) return;
  floor_serial_ = serial;
  floor_.swap(floor);
}

}  // namespace clustr::bundles
