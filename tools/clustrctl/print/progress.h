#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_PROGRESS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace clustr::ctl {

// One line on stderr that is rewritten as work goes on, ten times a second at most. Writes nothing
// where stderr is no terminal. Not thread-safe.
class Progress {
 public:
  explicit Progress(std::string label);
  ~Progress();
  Progress(const Progress&) = delete;

  // `share` of the work that is done, 0 to 1; negative where it is not known.
  void Update(int64_t count, double share);

  // Takes the line away and returns the seconds since the start.
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
