#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_TASKS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_TASKS_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "services/bundles/mining/delivery/ordered_delivery.h"
#include "services/bundles/mining/search/claims.h"

namespace clustr::mining {

// A search divided into tasks, numbered in the order of the search. Several rare codes of the root
// share a task. A common code may have kSlots tasks: one for each of its last extensions, which
// take most of the time, and the first one for all extensions before those. Immutable; the threads
// of a search share it.
class SearchTasks {
 public:
  static constexpr uint32_t kSlots = 8;

  struct Task {
    uint32_t code;  // The first code of the task.
    uint32_t slot;
    bool operator==(const Task&) const = default;
  };

  // `counts` are those of the root, by code.
  explicit SearchTasks(const std::vector<int64_t>& counts);

  uint32_t size() const { return static_cast<uint32_t>(tasks_.size()) - 1; }
  // Also defined for number size(): that task begins behind the last code.
  const Task& task(uint32_t number) const { return tasks_[number]; }
  bool is_split(uint32_t code) const { return split_[code]; }

 private:
  std::vector<Task> tasks_;
  std::vector<bool> split_;  // Indexed by code.
};

// Claims one task after another for one thread, always the next one that no thread has. Not
// thread-safe.
class TaskClaims final : public Claims {
 public:
  // Borrows all arguments. `next` is the first number that no thread has.
  TaskClaims(const SearchTasks& tasks, std::atomic<uint32_t>& next, SearchControl& control,
             TaskStream& found);

  bool ClaimCode(uint32_t code) override;
  bool splits() const override { return split_; }
  bool ClaimExtension(uint32_t index, uint32_t size) override;
  // Must be called after the search.
  void Finish();

 private:
  void Start();
  void GoToNext();

  const SearchTasks& tasks_;
  std::atomic<uint32_t>& next_;
  SearchControl& control_;
  TaskStream& found_;
  uint32_t own_;
  bool started_ = false;
  bool split_ = false;  // Whether the code that was claimed last is split.
  uint32_t code_ = 0;   // The code that was claimed last.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_TASKS_H_
