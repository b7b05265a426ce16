#include "tools/clustrctl/flat/send/parallel_calls.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {
namespace {

constexpr size_t kMaxThreads = 64;

// Hands out the numbers below `count` one by one and collects the results. Thread-safe.
class Work {
 public:
  explicit Work(size_t count) : count_(count) {}

  // Sets `i` to the next number; false if there is none left, or if work has failed.
  bool Take(size_t* i) {
    absl::MutexLock lock(&mutex_);
    if (taken_ == count_ || !status_.ok()) return false;
    *i = taken_++;
    return true;
  }

  void Done(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    ++done_;
    status_.Update(status);
  }

  // Waits up to 100 ms until no work is running and none will be handed out; true if that is so.
  bool WaitForEnd(size_t* done) {
    absl::MutexLock lock(&mutex_);
    const auto ended = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return done_ == taken_ && (taken_ == count_ || !status_.ok());
    };
    const bool at_end = mutex_.AwaitWithTimeout(absl::Condition(&ended), absl::Milliseconds(100));
    *done = done_;
    return at_end;
  }

  absl::Status status() const {
    absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  const size_t count_;
  mutable absl::Mutex mutex_;
  size_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t done_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::Status ForEachInParallel(const std::string& label, size_t count,
                               absl::FunctionRef<absl::Status(size_t)> work) {
  Work left(count);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < std::min(count, kMaxThreads); ++t) {
    threads.emplace_back([&] {
      for (size_t i = 0; left.Take(&i);) left.Done(work(i));
    });
  }
  Progress progress(label);
  size_t done = 0;
  while (!left.WaitForEnd(&done)) {
    progress.Update(static_cast<int64_t>(done),
                    static_cast<double>(done) / static_cast<double>(count));
  }
  for (std::thread& thread : threads) thread.join();
  return left.status();
}

bool IsRefusal(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::OUT_OF_RANGE:
    case grpc::StatusCode::ABORTED:
      return true;
    default:
      return false;
  }
}

}  // namespace clustr::ctl
