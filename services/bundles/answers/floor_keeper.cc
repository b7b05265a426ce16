#include "services/bundles/answers/floor_keeper.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "services/bundles/program/write_now.h"
#include "services/bundles/rules/floor_table.h"

namespace clustr::bundles {
namespace {

constexpr absl::Duration kMinPause = absl::Seconds(10);
constexpr int kPausePerWork = 20;  // The pause lasts this many times as long as the work did.
constexpr absl::Duration kEndingCheckInterval = absl::Milliseconds(100);
constexpr absl::Duration kMaxEnd = absl::Milliseconds(500);  // For mining, once the server stops.

std::string RaisedProblem(double min_support) {
  return absl::StrCat(
      "more rules meet the default thresholds than --max-rules: rules are answered from a support "
      "of ",
      min_support,
      " on, the least that fits, and are not kept for the next start; start with a larger "
      "--max-rules, or give thresholds.min_support");
}

}  // namespace

absl::StatusOr<std::shared_ptr<const rules::Floor>> FloorKeeper::Read(storage::Store* store) {
  std::shared_ptr<const rules::Floor> restored;
  CLUSTR_RETURN_IF_ERROR(store->Read([&](storage::Session& session) {
    if (std::optional<rules::Floor> floor = rules::LoadFloor(session)) {
      restored = std::make_shared<const rules::Floor>(*std::move(floor));
    }
    return absl::OkStatus();
  }));
  return restored;
}

FloorKeeper::FloorKeeper(storage::Store* store, PublishedStates* states, RuleAnswers* answers,
                         std::function<void()> ready, std::shared_ptr<const rules::Floor> restored)
    : store_(*store),
      states_(*states),
      answers_(*answers),
      ready_(std::move(ready)),
      restored_(std::move(restored)) {
  if (restored_ != nullptr) ready_();
  thread_ = std::thread([this] { Keep(); });
}

std::string FloorKeeper::problem() const {
  // A call may have mined the floor before this object did.
  if (const auto raised = answers_.raised_min_support()) return RaisedProblem(*raised);
  absl::MutexLock lock(&mutex_);
  return problem_;
}

bool FloorKeeper::Ending() const {
  absl::MutexLock lock(&mutex_);
  return ending_;
}

void FloorKeeper::Keep() {
  const absl::Cleanup ended = [this] {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
    changed_.NotifyAll();
  };
  while (!states_.AwaitCovering({}, kEndingCheckInterval)) {
    if (Ending()) return;
  }
  const auto ending = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; };
  for (bool end = false; !end;) {
    const SteadyTime start = SteadyNow();
    WriteNewest();
    const absl::Duration pause = std::max(kMinPause, kPausePerWork * Since(start));
    absl::MutexLock lock(&mutex_);
    end = changed_.WaitUntil(&mutex_, Deadline::In(pause), ending);
  }
  WriteNewest();
}

void FloorKeeper::WriteNewest() {
  const StatePtr state = states_.newest();
  if (state == nullptr || state->serial == written_serial_) return;
  const RuleAnswers::Answer floor =
      answers_.Get(state, rules::SkuRuleQuery(), {.cancelled = &give_up_});
  if (absl::IsCancelled(floor.status())) return;
  std::string problem;
  if (!floor.ok()) {
    problem = absl::StrCat("the rules at default thresholds are not kept for the next start: ",
                           floor.status().message(), "; start with a larger --max-rules");
  } else if (const auto raised = (*floor)->raised_min_support()) {
    problem = RaisedProblem(*raised);
  } else if (const absl::Status written = Write(*state, **floor); !written.ok()) {
    problem = absl::StrCat(
        "the rules at default thresholds could not be written: ", written.message(), "; check ",
        store_.shared() ? "the server" : "the disk", " that --database is on");
  }
  written_serial_ = state->serial;
  if (!problem.empty()) Log(LogLevel::kWarning, "floor", {{"problem", problem}});
  ready_();
  absl::MutexLock lock(&mutex_);
  problem_ = std::move(problem);
}

absl::Status FloorKeeper::Write(const State& state, const rules::SkuRules& mined) {
  const rules::Floor floor = {mined, state.revisions.sales, state.revisions.catalog,
                              state.sales_store_id, state.catalog_store_id};
  return WriteNow(store_, [&](storage::WriteContext& context) {
    const bool has_other_writers = store_.shared();
    if (has_other_writers && rules::IsStoredFloorAsNew(context.session(), floor)) {
      return absl::OkStatus();
    }
    rules::ReplaceFloor(context, floor);
    return absl::OkStatus();
  });
}

void FloorKeeper::Drain() {
  if (!thread_.joinable()) return;
  {
    const auto ended = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ended_; };
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.NotifyAll();
    give_up_ = !changed_.WaitUntil(&mutex_, Deadline::In(kMaxEnd), ended);
  }
  thread_.join();
}

}  // namespace clustr::bundles
