#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_TASKS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_TASKS_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "services/bundles/mining/delivery/ordered_delivery.h"
#include "services/bundles/mining/search/claims.h"

namespace clustr::mining {

// A search cut into tasks, numbered in the order of the search. Rare codes of the root share one. A
// common code has kSlots: the last of its extensions, which take most of the time, one each, and
// the first slot all that comes before them. Immutable; threads share it.
class SearchTasks {
 public:
  static constexpr uint32_t kSlots = 8;

  struct Task {
    uint32_t code;  // The first.
    uint32_t slot;
    bool operator==(const Task&) const = default;
  };

  // `counts` by code, of the root.
  explicit SearchTasks(const std::vector<int64_t>& counts);

  uint32_t size() const { return static_cast<uint32_t>(tasks_.size()) - 1; }
  // The one behind the last begins behind the last code.
  const Task& task(uint32_t number) const { return tasks_[number]; }
  bool is_split(uint32_t code) const { return split_[code]; }

 private:
  std::vector<Task> tasks_;
  std::vector<bool> split_;  // By code.
};

// What one thread does of the tasks: the next that nobody has begun, again and again. Not
// thread-safe.
class TaskClaims final : public Claims {
 public:
  // Borrows all of it; `next` is the first number that nobody has.
  TaskClaims(const SearchTasks& tasks, std::atomic<uint32_t>& next, SearchControl& control,
             TaskStream& found);

  bool ClaimCode(uint32_t code) override;
  bool splits() const override { return split_; }
  bool ClaimExtension(uint32_t index, uint32_t size) override;
  // To be called after the search.
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
  bool split_ = false;  // The code that was claimed last.
  uint32_t code_ = 0;   // That.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_TASKS_H_
