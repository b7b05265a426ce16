#include "services/bundles/program/bundle_calls.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/row_calls.h"

namespace clustr::bundles {
namespace {

constexpr char kDefaults[] =
    "reads=1024,lookups=256,rules=64,searches=64,verifications=8,batches=4,rule_imports=4,parked="
    "1024";
constexpr int64_t kBytes = 16 << 20;  // Of the requests that wait in one class.
constexpr int kVerificationsAtOnce = 2;
constexpr int64_t kMaxVerifySeconds = 24 * 60 * 60;
constexpr int64_t kMaxSearchSteps = 1'000'000'000'000;

// A long computation may use several threads, so few run at once.
int ComputingThreads() { return std::max(1, rpc::CoreCount() - 1); }

}  // namespace

std::vector<rpc::Flag> BundleCalls::Flags() {
  std::vector<rpc::Flag> flags = rpc::CallLimits::FlagsOf(kDefaults);
  flags.push_back({"max-verify-seconds", "600",
                   "how long the server works on one VerifyAssociationRules call"});
  flags.push_back({"max-search-steps", "500000000",
                   "how many steps, of about a nanosecond, one search for bundles takes at most"});
  return flags;
}

absl::StatusOr<std::unique_ptr<BundleCalls>> BundleCalls::Make(const rpc::Flags& flags) {
  CLUSTR_ASSIGN_OR_RETURN(const rpc::CallLimits limits, rpc::CallLimits::Read(flags, kDefaults));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t seconds,
                          flags.Integer("max-verify-seconds", 1, kMaxVerifySeconds));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t steps,
                          flags.Integer("max-search-steps", 1'000'000, kMaxSearchSteps));
  return std::unique_ptr<BundleCalls>(new BundleCalls(limits, absl::Seconds(seconds), steps));
}

BundleCalls::BundleCalls(const rpc::CallLimits& limits, absl::Duration max_verification,
                         int64_t max_search_steps)
    : reads(limits.Of("reads", "quick questions", kBytes), rpc::CoreCount(), limits.max_call(),
            "ask for less at once"),
      lookups(limits.Of("lookups", "questions about populations and pages of rules", kBytes),
              rpc::CoreCount(), limits.max_call(), "choose a smaller population"),
      rules(limits.Of("rules", "rule queries", kBytes), ComputingThreads(), limits.max_call(),
            "raise thresholds.min_support or thresholds.min_count, or choose a smaller population"),
      searches(limits.Of("searches", "searches for bundles", kBytes), ComputingThreads(),
               limits.max_call(),
               "raise constraints.min_support or constraints.min_count, or lower "
               "constraints.max_items"),
      verifications(limits.Of("verifications", "verifications", kBytes), kVerificationsAtOnce,
                    max_verification,
                    "raise thresholds.min_support or thresholds.min_count, or choose a smaller "
                    "population"),
      batches(limits.Of("batches", "recommendations for many", kBytes), 1, limits.max_call(),
              "ask for fewer products, or choose another intent"),
      open_batches(limits.Of("batches", "recommendations for many", kBytes)),
      rule_imports(limits.Of("rule_imports", "imports of rules", kBytes)),
      parked(limits.Of("parked", "calls that wait for a revision", kBytes)),
      pauses(limits.max_pause()),
      max_search_steps_(max_search_steps),
      // The queue of batches has at most one step of each open one.
      watch_({&reads, &lookups, &rules, &searches, &verifications},
             {&open_batches, &rule_imports, &parked}) {}

void BundleCalls::Drain() {
  batches.Drain();
  verifications.Drain();
}

void BundleCalls::EndAll() {
  rules.Drain();
  searches.Drain();
}

int BundleCalls::SpareThreads() const {
  const CallState rule_state = rules.state();
  const CallState search_state = searches.state();
  const auto tasks = static_cast<int>(rule_state.running + rule_state.waiting +
                                      search_state.running + search_state.waiting);
  return std::clamp(rpc::CoreCount() / std::max(1, tasks), 1, kMaxThreads);
}

}  // namespace clustr::bundles
