#include "services/bundles/rule_answers.h"

namespace clustr::bundles {

RuleAnswers::Answer RuleAnswers::Get(const StatePtr& state, const rules::RuleQuestion& question,
                                     const Caller& caller) {
  if (const auto kept = Find(state, question)) return *kept;
  const auto population = populations_.Get(state, question.population);
  absl::StatusOr<rules::SkuRules> mined =
      rules::MineAnswer(*state->shop, population->selection(), question, max_rules_, caller);
  Answer answer;
  size_t bytes = 0;
  if (mined.ok()) {
    answer = std::make_shared<const rules::SkuRules>(*std::move(mined));
    bytes = (*answer)->memory_bytes();
    absl::MutexLock lock(&mutex_);
    if (question == rules::RuleQuestion() && state->serial > floor_serial_) {
      floor_serial_ = state->serial;
      floor_size_ = static_cast<int64_t>((*answer)->size());
    }
  } else if (absl::IsCancelled(mined.status()) || absl::IsDeadlineExceeded(mined.status())) {
    return mined.status();
  } else {
    answer = mined.status();
  }
  cache_.Put({state->serial, question}, std::make_shared<const Answer>(answer), bytes);
  return answer;
}

}  // namespace clustr::bundles
