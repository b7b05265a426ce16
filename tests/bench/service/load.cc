#include "tests/bench/service/load.h"

#include <algorithm>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "tests/bench/service/measure.h"

namespace clustr::bench {
namespace {

// Maximum operations of an open loop in progress. Others wait, and their latency counts already.
constexpr int kMaxUnderWay = 4096;

double MillisecondsSince(Clock::time_point start) { return 1e3 * SecondsSince(start); }

// Results of one client. It runs one operation at a time, so threads share nothing.
struct Outcomes {
  std::vector<double> latencies_ms;
  int64_t errors = 0;
  grpc::Status first_error;

  void Add(const grpc::Status& status, double latency_ms) {
    if (status.ok()) {
      latencies_ms.push_back(latency_ms);
    } else if (errors++ == 0) {
      first_error = status;
    }
  }

  void MoveInto(LoadResult* result) {
    result->latencies_ms.insert(result->latencies_ms.end(), latencies_ms.begin(),
                                latencies_ms.end());
    if (result->errors == 0 && errors > 0) result->first_error = first_error;
    result->errors += errors;
  }
};

class ClosedLoop {
 public:
  ClosedLoop(const Load& load, const StartOperation& start)
      : start_(start),
        end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                std::chrono::duration<double>(load.seconds))),
        clients_(load.clients),
        running_(load.clients) {}

  void Run(LoadResult* result) {
    for (size_t client = 0; client < clients_.size(); ++client) Next(static_cast<int>(client));
    const auto ended = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return running_ == 0; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&ended));
    for (Outcomes& outcomes : clients_) outcomes.MoveInto(result);
  }

 private:
  void Next(int client) {
    const auto begin = Clock::now();
    if (begin >= end_) {
      absl::MutexLock lock(&mutex_);
      --running_;
      return;
    }
    start_(client, [this, client, begin](const grpc::Status& status) {
      clients_[client].Add(status, MillisecondsSince(begin));
      Next(client);
    });
  }

  const StartOperation& start_;
  const Clock::time_point end_;
  std::vector<Outcomes> clients_;
  absl::Mutex mutex_;
  int running_ ABSL_GUARDED_BY(mutex_);
};

class OpenLoop {
 public:
  OpenLoop(const Load& load, const StartOperation& start) : load_(load), start_(start) {}

  void Run(LoadResult* result) {
    const auto begin = Clock::now();
    const auto count = static_cast<int64_t>(load_.per_second * load_.seconds);
    const auto room = [this]()
                          ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return under_way_ < kMaxUnderWay; };
    for (int64_t i = 0; i < count; ++i) {
      const auto due = begin + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(i / load_.per_second));
      std::this_thread::sleep_until(due);
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(&room));
        ++under_way_;
      }
      start_(static_cast<int>(i % load_.clients), [this, due](const grpc::Status& status) {
        const double latency_ms = MillisecondsSince(due);
        absl::MutexLock lock(&mutex_);
        outcomes_.Add(status, latency_ms);
        --under_way_;
      });
    }
    const auto ended = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return under_way_ == 0; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&ended));
    outcomes_.MoveInto(result);
  }

 private:
  const Load& load_;
  const StartOperation& start_;
  absl::Mutex mutex_;
  Outcomes outcomes_ ABSL_GUARDED_BY(mutex_);
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

absl::Status LoadResult::Usable() const {
  if (operations > errors) return absl::OkStatus();
  if (errors == 0) return absl::UnavailableError("no operation ended in time; give more --seconds");
  return absl::Status(static_cast<absl::StatusCode>(first_error.error_code()),
                      absl::StrCat(errors, " of ", errors + operations,
                                   " operations failed, first: ", first_error.error_message()));
}

LoadResult Run(const Load& load, const StartOperation& start) {
  LoadResult result;
  const auto begin = Clock::now();
  if (load.per_second > 0) {
    OpenLoop(load, start).Run(&result);
  } else {
    ClosedLoop(load, start).Run(&result);
  }
  result.seconds = SecondsSince(begin);
  result.operations = static_cast<int64_t>(result.latencies_ms.size());
  return result;
}

void AddFigures(const std::string& name, const LoadResult& result, Report* report) {
  report->Add(name + ".per_second", result.per_second(), "/s");
  report->Add(name + ".p50", Median(result.latencies_ms), "ms");
  report->Add(name + ".p99", Quantile(result.latencies_ms, 0.99), "ms");
  if (result.errors > 0) {
    report->Add(name + ".errors", static_cast<double>(result.errors), "failed");
  }
}

}  // namespace clustr::bench
