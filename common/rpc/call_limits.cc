#include "common/rpc/call_limits.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kWatchInterval = absl::Milliseconds(100);
constexpr absl::Duration kLeastInterval = absl::Milliseconds(5);
constexpr int64_t kMaxLimit = 1'000'000;
constexpr int64_t kMaxCallSeconds = 24 * 60 * 60;
constexpr int64_t kMaxPauseSeconds = 24 * 60 * 60;

using Limits = absl::btree_map<std::string, int64_t>;

// Reads `reads=1024,scans=256` into `limits`. Only the names that it holds are known, unless it is
// empty.
absl::Status ReadLimits(absl::string_view text, Limits* limits) {
  const Limits known = *limits;
  for (const absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    int64_t limit = 0;
    if (!absl::SimpleAtoi(pair.second, &limit) || limit < 1 || limit > kMaxLimit ||
        (!known.empty() && !known.contains(pair.first))) {
      std::string names;
      for (const auto& [name, value] : known)
        absl::StrAppend(&names, names.empty() ? "" : ", ", name);
      return absl::InvalidArgumentError(
          absl::StrCat("--call-limits: ", part, " is not CLASS=NUMBER with a number from 1 to ",
                       kMaxLimit, " and one of the classes ", names));
    }
    (*limits)[pair.first] = limit;
  }
  return absl::OkStatus();
}

void AddClass(const CallClass& limit, const CallState& state, ops::v1::GetStatusResponse* status) {
  ops::v1::CallQueue& queue = *status->add_call_queues();
  queue.set_name(limit.name);
  queue.set_waiting_count(state.waiting);
  queue.set_max_count(limit.max_count);
  queue.set_running_count(state.running);
  queue.set_refused_count(state.refused);
  const int64_t nanos = absl::ToInt64Nanoseconds(state.oldest_wait);
  queue.mutable_oldest_wait()->set_seconds(nanos / 1'000'000'000);
  queue.mutable_oldest_wait()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
  if (!state.refused_lately && state.waiting < limit.max_count) return;
  status->add_problems(absl::StrCat("there are too many ", limit.calls, ": ", state.waiting,
                                    " at once where ", limit.max_count, " are allowed, and ",
                                    state.refused,
                                    " were refused since the start; find out who makes them, "
                                    "make fewer at once, or raise --call-limits=",
                                    limit.name, "=", limit.max_count));
}

}  // namespace

std::vector<Flag> CallLimits::FlagsOf(absl::string_view defaults) {
  return {{"call-limits", std::string(defaults),
           "limits on the calls of each class that wait or are open at once; classes that are not "
           "named keep their default"},
          {"max-call-seconds", "60",
           "how long the server works on one call, whatever deadline the client gave"},
          {"max-pause-seconds", "60",
           "how long the client of a stream may pause: send less than 1 KiB a second of an "
           "import, or take less of an answer that holds a place of its class"}};
}

absl::StatusOr<CallLimits> CallLimits::Read(const Flags& flags, absl::string_view defaults) {
  CallLimits limits;
  CLUSTR_RETURN_IF_ERROR(ReadLimits(defaults, &limits.limits_));
  CLUSTR_RETURN_IF_ERROR(ReadLimits(flags["call-limits"], &limits.limits_));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t seconds,
                          flags.Integer("max-call-seconds", 1, kMaxCallSeconds));
  limits.max_call_ = absl::Seconds(seconds);
  CLUSTR_ASSIGN_OR_RETURN(const int64_t pause,
                          flags.Integer("max-pause-seconds", 1, kMaxPauseSeconds));
  limits.max_pause_ = absl::Seconds(pause);
  return limits;
}

CallClass CallLimits::Of(absl::string_view name, absl::string_view calls, int64_t max_bytes) const {
  return {std::string(name), std::string(calls), limits_.at(name), max_bytes};
}

CallWatch::CallWatch(std::vector<CallQueue*> queues, std::vector<const CallSlots*> slots)
    : queues_(std::move(queues)), slots_(std::move(slots)), thread_([this] { Watch(); }) {}

CallWatch::~CallWatch() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

void CallWatch::Watch() {
  const auto ending = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; };
  absl::MutexLock lock(&mutex_);
  Deadline next = Deadline::In(kWatchInterval);
  while (!changed_.WaitUntil(&mutex_, next, ending)) {
    next = Deadline::In(kWatchInterval);
    for (CallQueue* queue : queues_) next = std::min(next, queue->DropGone());
    next = std::max(next, Deadline::In(kLeastInterval));
  }
}

void CallWatch::AddStatus(ops::v1::GetStatusResponse* status) const {
  for (const CallQueue* queue : queues_) AddClass(queue->limit(), queue->state(), status);
  for (const CallSlots* slots : slots_) AddClass(slots->limit(), slots->state(), status);
}

void CallWatch::AddMetrics(Metrics* metrics) const {
  for (const CallQueue* queue : queues_) {
    metrics->Add("clustr_queue_wait_seconds",
                 "Time that calls have waited in the queue of their class before they were carried "
                 "out.",
                 queue->waits(), {{"class", queue->limit().name}});
  }
}

}  // namespace clustr::rpc
