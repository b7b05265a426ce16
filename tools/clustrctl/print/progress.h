#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_PROGRESS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace clustr::ctl {

// A progress line on stderr, rewritten at most ten times a second. Writes nothing if stderr is not
// a terminal. Not thread-safe.
class Progress {
 public:
  explicit Progress(std::string label);
  ~Progress();
  Progress(const Progress&) = delete;

  // Shows `count` and the rate since the start. `share` is the share of the work that is done, 0 to
  // 1, shown as a bar; negative if it is unknown.
  void Update(int64_t count, double share);

  // Removes the line and returns the seconds since the start.
  double Finish();

 private:
  using Clock = std::chrono::steady_clock;

  double seconds() const;

  const std::string label_;
  const bool terminal_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_PROGRESS_H_
