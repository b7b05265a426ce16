#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CLOCK_TEXT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CLOCK_TEXT_H_

#include <optional>
#include <string_view>

#include "tools/clustrctl/flat/values/days/cursor.h"

namespace clustr::ctl {

// A time of day, and what a text says about its time zone.
struct ClockText {
  int minute_of_day = -1;             // -1 if no time is given; 1440 for 24:00, the end of the day.
  std::optional<int> offset_minutes;  // East of UTC, if it is given; 0 for Z, UTC and GMT.
  // The name of a zone, part of the text, if the name alone does not tell the offset.
  std::string_view zone;
  // The word, part of the text, for which the time could not be read.
  std::string_view unknown_word;
};

// Takes a time of day with all that may follow it: `8:26`, `13.30`, `13h30`, `1330`, `1 PM`,
// `1:30 p. m.`, `13:30:00.5 +0100`, `13:30 Uhr`, `13:30 PDT`. The half of the day may be named in
// the common languages, and also come first. False if no time comes, or a word that is none of
// these. Pure and thread-safe, O(length).
bool TakeClock(Cursor* cursor, ClockText* clock);

// Takes an offset such as +0100, -05:00, +5:30 or +00; +1 only if `may_be_short`.
bool TakeOffset(Cursor* cursor, bool may_be_short, std::optional<int>* offset);

// Takes the name of a time zone, with an offset behind UTC and GMT; false, with the unknown word,
// if it is none.
bool TakeZone(Cursor* cursor, ClockText* clock);

// Takes `AM`, `p. m.`, `μμ` and the like, and sets `is_pm`. Takes nothing if none comes.
bool TakeHalfDay(Cursor* cursor, bool* is_pm);

// Corrects `hour`, 0 to 24, by the half of the day; false if the two contradict each other. Hours
// from 13 on that are marked as PM stay.
bool ApplyHalfDay(bool is_pm, int* hour);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CLOCK_TEXT_H_
