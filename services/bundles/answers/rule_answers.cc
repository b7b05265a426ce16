#include "services/bundles/answers/rule_answers.h"

#include "common/base/status_macros.h"

namespace clustr::bundles {

std::shared_ptr<const RuleAnswers::Answer> RuleAnswers::Find(const StatePtr& state,
                                                             const rules::SkuRuleQuery& query) {
  rules::SkuRuleQuery as_default = query;
  as_default.may_raise_support = true;
  if (as_default == rules::SkuRuleQuery()) {
    absl::MutexLock lock(&mutex_);
    const bool is_current = floor_ != nullptr && state->serial == floor_serial_;
    if (is_current && (query.may_raise_support || !(**floor_)->raised_min_support())) return floor_;
  }
  return cache_.Find({state->serial, query});
}

RuleAnswers::Answer RuleAnswers::Get(const StatePtr& state, const rules::SkuRuleQuery& query,
                                     const Caller& caller, int threads) {
  if (const auto kept = Find(state, query)) {
    hits_.fetch_add(1, std::memory_order_relaxed);
    return *kept;
  }
  misses_.fetch_add(1, std::memory_order_relaxed);
  const SteadyTime begin = SteadyNow();
  const auto population = populations_.Get(state, query.population);
  absl::StatusOr<rules::SkuRules> mined = rules::MineSkuRules(*state->shop, population->selection(),
                                                              query, max_rules_, caller, threads);
  mining_seconds_.Observe(absl::ToDoubleSeconds(Since(begin)));
  if (!mined.ok()) {
    // If the caller, or the server, just spent no more time on it, the next one who asks may.
    CLUSTR_RETURN_IF_ERROR(caller.Waits());
    Answer refusal = mined.status();
    cache_.Put({state->serial, query}, std::make_shared<const Answer>(refusal), 0);
    return refusal;
  }
  const size_t bytes = mined->memory_bytes();
  auto answer =
      std::make_shared<const Answer>(std::make_shared<const rules::SkuRules>(*std::move(mined)));
  if (query == rules::SkuRuleQuery()) KeepFloor(state->serial, answer);
  cache_.Put({state->serial, query}, answer, bytes);
  return *answer;
}

void RuleAnswers::AddMetrics(rpc::Metrics* metrics) const {
  constexpr char kLookups[] = "clustr_rule_cache_lookups_total";
  constexpr char kHelp[] = "Questions for rules, by whether their answer was at hand.";
  metrics->Counter(kLookups, kHelp, static_cast<double>(hits_.load()), {{"result", "hit"}});
  metrics->Counter(kLookups, kHelp, static_cast<double>(misses_.load()), {{"result", "miss"}});
  metrics->Add("clustr_mining_seconds", "Time that it took to mine rules, with the population.",
               mining_seconds_.state());
}

std::optional<int64_t> RuleAnswers::floor_size() const {
  absl::MutexLock lock(&mutex_);
  if (floor_ == nullptr) return std::nullopt;
  return static_cast<int64_t>((**floor_)->size());
}

std::optional<double> RuleAnswers::raised_min_support() const {
  absl::MutexLock lock(&mutex_);
  return floor_ == nullptr ? std::nullopt : (**floor_)->raised_min_support();
}

void RuleAnswers::KeepFloor(uint64_t serial, std::shared_ptr<const Answer> floor) {
  absl::MutexLock lock(&mutex_);
  if (serial <= floor_serial_) return;
  floor_serial_ = serial;
  floor_.swap(floor);
}

}  // namespace clustr::bundles
