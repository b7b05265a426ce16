#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_READING_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_READING_H_

#include <array>
#include <bitset>
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
  std::optional<absl::TimeZone> zone;  // --time-zone: times with a zone are converted to it.
  std::optional<int32_t> day;          // --day: of all rows, if no column has dates.
  std::optional<int32_t> today;        // Days since 1970-01-01; if unset, the clock says it.
};

// A day, and the time of day if it is given.
struct Moment {
  int32_t day = 0;      // Days since 1970-01-01.
  int32_t minute = -1;  // Of the day, up to 1440 (24:00); -1 if no time is given.
};

// Collects the dates of one column, and decides from all of them in which order they are written.
// Not thread-safe.
class DaySurvey {
 public:
  // `writes_day_first`: dates with dots and a short year begin with the day where they may begin
  // with the year as well, as the language of the file has it.
  DaySurvey(const DaySettings* settings, bool writes_day_first);

  // Takes one text of the column. Texts that are no dates say nothing.
  void Add(std::string_view text);

  // The order of all dates whose text alone does not say it; unset if there are none.
  // FAILED_PRECONDITION, with two readings of a date and the remedy, if several orders fit all
  // dates, or none does. `column` is the name of the column.
  absl::StatusOr<std::optional<DayOrder>> Decide(const std::string& column) const;

  // True if the column has serial numbers, or dates that begin with the year and whose day could be
  // a month in all of them, beside dates that a spreadsheet did not understand, since their day
  // could be a month in none. It may then have read the former in the wrong order.
  bool serials_are_doubtful() const {
    const bool all_are_open = has_open_ && !open_may_be_swapped_;
    return has_open_ && (has_serials_ || (all_are_open && has_iso_ && !iso_has_late_day_));
  }

  // The only date of the column that ends earlier than the others, as if it were cut off:
  // `2025-07-2` where days have two digits, `21.07.20` where years have four. Empty if there is
  // none.
  std::string CutDate() const;

 private:
  struct Order {
    bool fits = true;
    std::string counterexample;  // The first text that does not fit.
  };

  // Dates that may be cut off.
  struct Cut {
    std::string text;  // The first one.
    bool several = false;

    void Add(std::string_view cut) {
      several = several || (!text.empty() && text != cut);
      if (text.empty()) text = std::string(cut);
    }
  };

  void LookForCut(const DayText& parts, std::string_view text);
  void LookForYears(const DayText& parts, std::optional<int32_t> year_first);
  bool YearFirstIsUnlikely() const;
  bool Fits(DayOrder order) const { return orders_[static_cast<size_t>(order)].fits; }
  std::string Readings(const std::string& text, DayOrder a, DayOrder b) const;

  const DaySettings& settings_;
  const int32_t today_;
  const bool writes_day_first_;
  bool has_other_separators_ = false;  // A date has other separators than dots.
  bool day_first_is_future_ = false;   // A date would be in the future if it began with the day.
  std::string last_;  // Equal texts often follow one another.
  std::array<Order, 3> orders_;
  bool has_open_ = false;
  bool has_serials_ = false;
  bool has_iso_ = false;              // A date with dashes begins with the year,
  bool iso_has_late_day_ = false;     // and one of these has a day above 12.
  bool open_may_be_swapped_ = false;  // A date that ends with the year has no number above 12.
  Cut short_days_;  // 2025-07-2
  Cut short_years_;
  bool has_padded_days_ = false;
  bool has_long_years_ = false;
  // Of dates with a short year that are not written with dashes, the values of the first and the
  // last number, and whether one of them would be in the future if it began with its year.
  std::bitset<100> first_numbers_;
  std::bitset<100> last_numbers_;
  bool year_first_is_future_ = false;
  // For each pair of orders (dmy and mdy, dmy and ymd, mdy and ymd), the first text that they read
  // differently.
  std::array<std::string, 3> two_readings_;
};

// Reads the dates of a column whose order is known. Not thread-safe.
class DayReader {
 public:
  // If `refuse_serials`, refuses serial numbers and dates with dashes that begin with the year, of
  // which the day may be a month. Refuses the date `cut_date` if it is not empty.
  DayReader(DaySettings settings, std::optional<DayOrder> order, bool refuse_serials,
            std::string cut_date);

  // Sets `moment`, or returns false and sets `why` to what is wrong and the remedy.
  bool Read(std::string_view text, Moment* moment, std::string* why);

  // Adds the time of day of a cell of its own, or returns false and sets `why`.
  bool AddTime(std::string_view text, Moment* moment, std::string* why) const;

  // True for days that have not begun anywhere on earth.
  bool IsFuture(int32_t day) const { return day > today_ + 1; }

 private:
  bool ReadNew(std::string_view text, Moment* moment, std::string* why) const;
  std::string WhyNotRead(std::string_view text, DayText* parts) const;
  std::string WhyNotConverted(std::string_view text, const DayText& parts, Moment* moment) const;

  DaySettings settings_;
  std::optional<DayOrder> order_;
  bool refuse_serials_;
  std::string cut_date_;
  int32_t today_;
  std::string last_text_;
  Moment last_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_READING_H_
