#include "services/bundles/program/commit_follower.h"

#include <utility>

namespace clustr::bundles {
namespace {

constexpr absl::Duration kBetweenAttempts = absl::Milliseconds(500);

}  // namespace

CommitFollower::CommitFollower(storage::Store* store, std::function<absl::Status()> look)
    : store_(*store), look_(std::move(look)) {
  listener_ = store_.OnCommit([this](int64_t) {
    absl::MutexLock lock(&mutex_);
    due_ = true;
    changed_.NotifyAll();
  });
  thread_ = std::thread([this] { Follow(); });
}

CommitFollower::~CommitFollower() {
  store_.StopTelling(listener_);
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

void CommitFollower::Look(Done done) {
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(done));
  changed_.NotifyAll();
}

void CommitFollower::Follow() {
  const auto asked = [this]()
                         ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_ || !waiting_.empty(); };
  const auto due = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return due_ || asked(); };
  while (true) {
    std::vector<Done> waiting;
    {
      absl::MutexLock lock(&mutex_);
      changed_.WaitUntil(&mutex_, Deadline(), due);
      if (ending_ && waiting_.empty()) return;
      waiting.swap(waiting_);
      due_ = false;
    }
    const absl::Status looked = look_();
    for (const Done& done : waiting) done(looked);
    if (looked.ok()) continue;
    absl::MutexLock lock(&mutex_);
    due_ = true;
    changed_.WaitUntil(&mutex_, Deadline::In(kBetweenAttempts), asked);
  }
}

}  // namespace clustr::bundles
