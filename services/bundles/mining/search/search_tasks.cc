#include "services/bundles/mining/search/search_tasks.h"

#include <algorithm>
#include <numeric>

namespace clustr::mining {

SearchTasks::SearchTasks(const std::vector<int64_t>& counts) : split_(counts.size()) {
  constexpr double kParts = 1024;
  constexpr size_t kFewCodes = 128;
  const bool splits = counts.size() <= kFewCodes;
  // The sum of weighted counts may exceed 64 bits.
  const double min_task_count = std::accumulate(counts.begin(), counts.end(), 0.0) / kParts;
  bool shared = false;  // The last task takes further codes.
  double held = 0;      // Sum of the counts of its codes.
  for (uint32_t code = 0; code < counts.size(); ++code) {
    const auto count = static_cast<double>(counts[code]);
    if (count > min_task_count) {
      split_[code] = splits;
      for (uint32_t slot = 0; slot < (splits ? kSlots : 1); ++slot) tasks_.push_back({code, slot});
      shared = false;
      continue;
    }
    if (!shared) {
      tasks_.push_back({code, 0});
      held = 0;
    }
    held += count;
    shared = held <= min_task_count;
  }
  tasks_.push_back({static_cast<uint32_t>(counts.size()), 0});
}

TaskClaims::TaskClaims(const SearchTasks& tasks, std::atomic<uint32_t>& next,
                       SearchControl& control, TaskStream& found)
    : tasks_(tasks), next_(next), control_(control), found_(found), own_(next.fetch_add(1)) {}

void TaskClaims::Start() {
  found_.Start(own_);
  started_ = true;
}

// Each task is finished exactly once, by the thread that holds its number, whether or not it was
// started.
void TaskClaims::GoToNext() {
  if (!started_) Start();
  found_.Finish();
  started_ = false;
  own_ = next_.fetch_add(1);
  control_.SetProgress(static_cast<double>(std::min(own_, tasks_.size())) / tasks_.size());
}

bool TaskClaims::ClaimCode(uint32_t code) {
  // A task ends where the next one begins.
  while (own_ < tasks_.size() && tasks_.task(own_ + 1).code <= code &&
         tasks_.task(own_).code < code) {
    GoToNext();
  }
  if (own_ >= tasks_.size() || tasks_.task(own_).code > code) return false;
  code_ = code;
  split_ = tasks_.is_split(code);
  if (split_ && tasks_.task(own_).slot > 0) {
    found_.Mute();
  } else if (!started_) {
    Start();
  }
  return true;
}

bool TaskClaims::ClaimExtension(uint32_t index, uint32_t size) {
  constexpr uint32_t kSlots = SearchTasks::kSlots;
  const uint32_t slot = index + kSlots <= size ? 0 : index + kSlots - size;
  while (own_ < tasks_.size() && tasks_.task(own_).code == code_ && tasks_.task(own_).slot < slot) {
    GoToNext();
    found_.Mute();
  }
  const bool claimed = own_ < tasks_.size() && tasks_.task(own_) == SearchTasks::Task{code_, slot};
  if (claimed && !started_) Start();
  return claimed;
}

void TaskClaims::Finish() {
  while (own_ < tasks_.size()) GoToNext();
}

}  // namespace clustr::mining
