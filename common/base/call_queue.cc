#include "common/base/call_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace clustr {

absl::Status QuotaError(const CallClass& limit) {
  return MakeError(common::v1::ERROR_REASON_QUOTA,
                   absl::StrCat("too many ", limit.calls,
                                " at once for this server; try again later, or make fewer at once"),
                   {{"class", limit.name}, {"limit", absl::StrCat(limit.max_count)}});
}

CallQueue::CallQueue(CallClass limit, int threads, absl::Duration max_run, absl::string_view advice)
    : limit_(std::move(limit)),
      max_run_(max_run),
      too_long_(absl::StrCat("the call took longer than the ", absl::ToInt64Seconds(max_run),
                             " s that this server works on one; ", advice)),
      too_short_(
          absl::StrCat("the call took longer than its deadline allows; give it a deadline of "
                       "up to ",
                       absl::ToInt64Seconds(max_run), " s, or ", advice)),
      waited_(absl::StrCat("the call waited behind other ", limit_.calls,
                           " for as long as its deadline allows; try again later, or give it a "
                           "longer deadline")) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

CallQueue::~CallQueue() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

void CallQueue::Add(CallOrigin origin, const Caller& caller, Run run) {
  Tasks added;
  added.push_back(
      {std::move(origin), Waiting(caller), std::move(run), /*is_new=*/true, SteadyNow()});
  Tasks out;
  {
    absl::MutexLock lock(&mutex_);
    if (!HasRoomFor(added.front())) MakeRoom(&added, &out);
    if (!added.empty()) Push(&added);
  }
  End(&out);
}

void CallQueue::Continue(CallOrigin origin, const Caller& caller, Run run) {
  Tasks added;
  added.push_back(
      {std::move(origin), Waiting(caller), std::move(run), /*is_new=*/false, SteadyNow()});
  absl::MutexLock lock(&mutex_);
  Push(&added);
}

Caller CallQueue::Waiting(Caller caller) const {
  caller.limit = {AnswerBy(caller.deadline), &waited_, absl::ToInt64Seconds(max_run_), nullptr};
  return caller;
}

bool CallQueue::HasRoomFor(const Task& task) const {
  return waiting_ < limit_.max_count &&
         bytes_ + static_cast<int64_t>(task.origin.bytes) <= limit_.max_bytes;
}

void CallQueue::MakeRoom(Tasks* added, Tasks* out) {
  TakeGone(out);
  if (HasRoomFor(added->front())) return;
  refusals_.Add();
  const int64_t bytes = bytes_ + static_cast<int64_t>(added->front().origin.bytes);
  const auto longest = std::max_element(
      peers_.begin(), peers_.end(),
      [](const Peer& a, const Peer& b) { return a.tasks.size() < b.tasks.size(); });
  const auto own = by_name_.find(added->front().origin.peer);
  const size_t own_count = own == by_name_.end() ? 0 : own->second->tasks.size();
  if (bytes <= limit_.max_bytes && own_count + 1 < longest->tasks.size() &&
      longest->tasks.back().is_new) {
    Take(longest, std::prev(longest->tasks.end()), out);
  } else {
    out->splice(out->end(), *added);
  }
  out->back().refusal = QuotaError(limit_);
}

void CallQueue::Push(Tasks* added) {
  const Task& task = added->front();
  ++waiting_;
  bytes_ += static_cast<int64_t>(task.origin.bytes);
  auto [known, is_new] = by_name_.try_emplace(task.origin.peer);
  if (is_new) known->second = peers_.insert(peers_.end(), Peer{task.origin.peer, {}});
  Tasks& tasks = known->second->tasks;
  tasks.splice(tasks.end(), *added);
}

void CallQueue::Take(Peers::iterator peer, Tasks::iterator task, Tasks* out) {
  --waiting_;
  bytes_ -= static_cast<int64_t>(task->origin.bytes);
  out->splice(out->end(), peer->tasks, task);
  if (!peer->tasks.empty()) return;
  by_name_.erase(peer->name);
  peers_.erase(peer);
}

Deadline CallQueue::TakeGone(Tasks* out) {
  Deadline next;
  for (auto peer = peers_.begin(); peer != peers_.end();) {
    const auto next_peer = std::next(peer);
    // The peer is forgotten with its last task.
    size_t left = peer->tasks.size();
    for (auto task = peer->tasks.begin(); left > 0; --left) {
      const auto current = task++;
      absl::Status waits = current->caller.Waits();
      if (waits.ok()) {
        next = std::min(next, current->caller.end());
        continue;
      }
      Take(peer, current, out);
      out->back().refusal = std::move(waits);
    }
    peer = next_peer;
  }
  return next;
}

Deadline CallQueue::DropGone() {
  Tasks out;
  Deadline next;
  {
    absl::MutexLock lock(&mutex_);
    next = TakeGone(&out);
  }
  End(&out);
  return next;
}

void CallQueue::Drain() { draining_.store(true, std::memory_order_relaxed); }

void CallQueue::End(Tasks* out) {
  for (Task& task : *out) task.run(task.refusal);
}

void CallQueue::Work() {
  const auto ready = [this]()
                         ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return waiting_ > 0 || ending_; };
  while (true) {
    Tasks taken;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (waiting_ == 0) return;
      // A peer with more calls goes to the end of the line.
      const auto peer = peers_.begin();
      if (peer->tasks.size() > 1) peers_.splice(peers_.end(), peers_, peer);
      Take(peer, peer->tasks.begin(), &taken);
      running_.fetch_add(1, std::memory_order_relaxed);
    }
    const Task& task = taken.front();
    waits_.Observe(absl::ToDoubleSeconds(Since(task.since)));
    task.run(draining_.load(std::memory_order_relaxed) ? DrainingError() : task.caller.Waits());
    running_.fetch_sub(1, std::memory_order_relaxed);
  }
}

CallState CallQueue::state() const {
  absl::MutexLock lock(&mutex_);
  CallState state;
  state.waiting = waiting_;
  state.running = running_.load(std::memory_order_relaxed);
  refusals_.Report(&state);
  for (const Peer& peer : peers_) {
    state.oldest_wait = std::max(state.oldest_wait, Since(peer.tasks.front().since));
  }
  return state;
}

}  // namespace clustr
