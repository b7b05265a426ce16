#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_READING_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_READING_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/clustrctl/flat/values/day_pattern.h"
#include "tools/clustrctl/flat/values/day_text.h"

namespace clustr::ctl {

// What the user says about dates.
struct DaySettings {
  std::optional<DayOrder> order;       // --date-format=dmy
  std::optional<DayPattern> pattern;   // --date-format=DD.MM.YYYY
  std::optional<absl::TimeZone> zone;  // --time-zone: dates with an offset are converted to it.
};

// A day, and the time of day if it is given.
struct Moment {
  int32_t day = 0;      // Days since 1970-01-01.
  int32_t minute = -1;  // Of the day; -1 if no time is given.
};

// Collects the dates of one column, and decides from all of them in which order they are written.
// Not thread-safe.
class DaySurvey {
 public:
  explicit DaySurvey(const DaySettings* settings) : settings_(*settings) {}

  // Takes one text of the column. Texts that are no dates say nothing.
  void Add(std::string_view text);

  // The order of all dates whose text alone does not say it; unset if there are none.
  // FAILED_PRECONDITION, with two readings of a date and the remedy, if several orders fit all
  // dates, or none does. `column` is the name of the column.
  absl::StatusOr<std::optional<DayOrder>> Decide(const std::string& column) const;

  // True if the column has serial numbers beside dates that a spreadsheet did not understand. It
  // may then have read the former in the wrong order.
  bool serials_are_doubtful() const { return has_serials_ && has_open_; }

 private:
  struct Order {
    bool fits = true;
    std::string counterexample;  // The first text that does not fit.
  };

  bool Fits(DayOrder order) const { return orders_[static_cast<size_t>(order)].fits; }
  std::string Readings(const std::string& text, DayOrder a, DayOrder b) const;

  const DaySettings& settings_;
  std::string last_;  // Equal texts often follow one another.
  std::array<Order, 3> orders_;
  bool has_open_ = false;
  bool has_serials_ = false;
  bool short_years_with_dash_ = false;
  // For each pair of orders (dmy and mdy, dmy and ymd, mdy and ymd), the first text that they read
  // differently.
  std::array<std::string, 3> two_readings_;
};

// Reads the dates of a column whose order is known. Not thread-safe.
class DayReader {
 public:
  DayReader(DaySettings settings, std::optional<DayOrder> order, bool refuse_serials)
      : settings_(std::move(settings)), order_(order), refuse_serials_(refuse_serials) {}

  // Sets `moment`, or returns false and sets `why` to what is wrong and the remedy.
  bool Read(std::string_view text, Moment* moment, std::string* why);

 private:
  bool ReadNew(std::string_view text, Moment* moment, std::string* why) const;

  DaySettings settings_;
  std::optional<DayOrder> order_;
  bool refuse_serials_;
  std::string last_text_;
  Moment last_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_READING_H_
