#include "tools/clustrctl/flat/values/day_reading.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/day_fault.h"

namespace clustr::ctl {
namespace {

using Form = DayText::Form;

constexpr std::array<std::pair<DayOrder, DayOrder>, 3> kPairs = {{
    {DayOrder::kDayFirst, DayOrder::kMonthFirst},
    {DayOrder::kDayFirst, DayOrder::kYearFirst},
    {DayOrder::kMonthFirst, DayOrder::kYearFirst},
}};
std::string QuotedText(std::string_view text) {
  return Quoted(absl::string_view(text.data(), text.size()));
}

bool IsOpen(const DayText& parts) {
  return parts.form == Form::kYearLast || parts.form == Form::kShortYear;
}

// `2024-03-05`, as spreadsheets and programs write dates that they understood.
bool IsIso(const DayText& parts) {
  return parts.form == Form::kYearFirst && parts.separator == '-';
}

// `5 March 2024`.
std::string LongDay(int32_t epoch_day) {
  const absl::CivilDay day = absl::CivilDay() + epoch_day;
  return absl::FormatTime("%-d %B %Y", absl::FromCivil(day, absl::UTCTimeZone()),
                          absl::UTCTimeZone());
}

// Whether anybody writes such a date in that order. With dots, the month never comes first, and
// only short years come first.
bool IsUsual(const DayText& parts, DayOrder order) {
  if (order == DayOrder::kMonthFirst) return parts.separator != '.';
  return order != DayOrder::kYearFirst || parts.form == Form::kShortYear;
}

int32_t Today(const DaySettings& settings) {
  if (settings.today.has_value()) return *settings.today;
  return static_cast<int32_t>(absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) -
                              absl::CivilDay());
}

// `day` and `minute` as they were written in the zone `written`, as clocks in `zone` showed them.
Moment InZone(const Moment& moment, const absl::TimeZone& written, const absl::TimeZone& zone) {
  const absl::CivilMinute minute =
      absl::CivilMinute(absl::CivilDay() + moment.day) + std::max(moment.minute, 0);
  const absl::CivilMinute local = absl::ToCivilMinute(absl::FromCivil(minute, written), zone);
  return {static_cast<int32_t>(absl::CivilDay(local) - absl::CivilDay()),
          local.hour() * 60 + local.minute()};
}

}  // namespace

DaySurvey::DaySurvey(const DaySettings* settings, bool writes_day_first)
    : settings_(*settings), today_(Today(*settings)), writes_day_first_(writes_day_first) {}

void DaySurvey::Add(std::string_view text) {
  if (text.empty() || text == last_ || settings_.pattern.has_value()) return;
  last_ = std::string(text);
  std::string scratch;
  bool decoded = false;
  text = ValueText(text, &scratch, &decoded);
  DayText parts;
  if (!SplitDay(text, &parts)) return;
  has_serials_ = has_serials_ || parts.form == Form::kSerial;
  LookForCut(parts, text);
  if (IsIso(parts)) {
    has_iso_ = true;
    iso_has_late_day_ = iso_has_late_day_ || parts.numbers[2] > 12;
  }
  if (!IsOpen(parts)) return;
  open_may_be_swapped_ =
      open_may_be_swapped_ ||
      (parts.form == Form::kYearLast && parts.numbers[0] <= 12 && parts.numbers[1] <= 12) ||
      parts.form == Form::kShortYear;
  std::array<std::optional<int32_t>, 3> days;
  for (const DayOrder order : kDayOrders) {
    days[static_cast<size_t>(order)] = EpochDayOf(parts, order);
  }
  if (!days[0].has_value() && !days[1].has_value() && !days[2].has_value()) return;
  has_open_ = true;
  has_other_separators_ = has_other_separators_ || parts.separator != '.';
  const auto& day_first = days[static_cast<size_t>(DayOrder::kDayFirst)];
  day_first_is_future_ = day_first_is_future_ || day_first.value_or(0) > today_ + 1;
  LookForYears(parts, days[static_cast<size_t>(DayOrder::kYearFirst)]);
  for (const DayOrder order : kDayOrders) {
    Order& state = orders_[static_cast<size_t>(order)];
    if (days[static_cast<size_t>(order)].has_value() && IsUsual(parts, order)) continue;
    if (state.fits) state.counterexample = std::string(text);
    state.fits = false;
  }
  for (size_t pair = 0; pair < kPairs.size(); ++pair) {
    const auto& a = days[static_cast<size_t>(kPairs[pair].first)];
    const auto& b = days[static_cast<size_t>(kPairs[pair].second)];
    if (!two_readings_[pair].empty() || !a.has_value() || !b.has_value() || *a == *b) continue;
    two_readings_[pair] = std::string(text);
  }
}

void DaySurvey::LookForCut(const DayText& parts, std::string_view text) {
  if (parts.form == Form::kYearLast) has_long_years_ = true;
  if (parts.form == Form::kYearFirst && parts.separator != 0) {
    for (const size_t i : {1, 2}) {
      has_padded_days_ = has_padded_days_ || (parts.numbers[i] < 10 && parts.digits[i] == 2);
    }
  }
  if (parts.clock.minute_of_day >= 0) return;
  const bool short_day = parts.form == Form::kYearFirst && parts.separator != 0 &&
                         parts.digits[1] == 2 && parts.digits[2] == 1;
  if (short_day) short_days_.Add(text);
  // A year that was cut off within: 2024 leaves 20.
  const int64_t last = parts.numbers[2];
  if (parts.form == Form::kShortYear && (last == 19 || last == 20)) short_years_.Add(text);
}

std::string DaySurvey::CutDate() const {
  if (has_padded_days_ && !short_days_.several && !short_days_.text.empty()) {
    return short_days_.text;
  }
  return has_long_years_ && !short_years_.several ? short_years_.text : "";
}

void DaySurvey::LookForYears(const DayText& parts, std::optional<int32_t> year_first) {
  if (parts.form != Form::kShortYear || parts.separator == '-') return;
  first_numbers_.set(static_cast<size_t>(parts.numbers[0]));
  last_numbers_.set(static_cast<size_t>(parts.numbers[2]));
  year_first_is_future_ = year_first_is_future_ || year_first.value_or(0) > today_ + 1;
}

// Short years seldom come first, except with dashes. They do not if a date would then be in the
// future, unless it is an outlier among dates whose first number varies less than the last; nor if
// the first number has by far more values, as only days do; nor with dots in the languages that
// write the day first, unless a date would then be in the future.
bool DaySurvey::YearFirstIsUnlikely() const {
  if (writes_day_first_ && !has_other_separators_ && !day_first_is_future_) return true;
  const size_t firsts = first_numbers_.count();
  const size_t lasts = last_numbers_.count();
  if (year_first_is_future_ && firsts >= lasts) return true;
  return firsts >= 3 && firsts >= 3 * lasts;
}

std::string DaySurvey::Readings(const std::string& text, DayOrder a, DayOrder b) const {
  DayText parts;
  SplitDay(text, &parts);
  return absl::StrCat(QuotedText(text), " is ", LongDay(*EpochDayOf(parts, a)),
                      " with --date-format=", DayOrderName(a), " and ",
                      LongDay(*EpochDayOf(parts, b)), " with --date-format=", DayOrderName(b));
}

absl::StatusOr<std::optional<DayOrder>> DaySurvey::Decide(const std::string& column) const {
  if (settings_.order.has_value()) return settings_.order;
  if (!has_open_) return std::optional<DayOrder>();
  for (size_t pair = 0; pair < kPairs.size(); ++pair) {
    const auto& [a, b] = kPairs[pair];
    if (!Fits(a) || !Fits(b)) continue;
    // If they read every date alike (all on days such as 3/3), either is right.
    if (two_readings_[pair].empty()) continue;
    if (b == DayOrder::kYearFirst && YearFirstIsUnlikely()) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the dates in ", Quoted(column),
        " have two readings: ", Readings(two_readings_[pair], a, b), "; say which one is right"));
  }
  for (const DayOrder order : kDayOrders) {
    if (Fits(order)) return std::optional<DayOrder>(order);
  }
  const std::string& day_first = orders_[static_cast<size_t>(DayOrder::kDayFirst)].counterexample;
  const std::string& month_first =
      orders_[static_cast<size_t>(DayOrder::kMonthFirst)].counterexample;
  return absl::FailedPreconditionError(absl::StrCat(
      "the dates in ", Quoted(column), " are written in several orders: ", QuotedText(day_first),
      " cannot begin with the day, and ", QuotedText(month_first),
      " cannot begin with the month; correct them, or choose --date-format=dmy or "
      "--date-format=mdy, which refuses the rows that do not fit"));
}

DayReader::DayReader(DaySettings settings, std::optional<DayOrder> order, bool refuse_serials,
                     std::string cut_date)
    : settings_(std::move(settings)),
      order_(order),
      refuse_serials_(refuse_serials),
      cut_date_(std::move(cut_date)),
      today_(Today(settings_)) {}

bool DayReader::Read(std::string_view text, Moment* moment, std::string* why) {
  if (text != last_text_ || last_text_.empty()) {
    Moment read;
    std::string scratch;
    bool decoded = false;
    if (!ReadNew(ValueText(text, &scratch, &decoded), &read, why)) return false;
    last_text_ = std::string(text);
    last_ = read;
  }
  *moment = last_;
  return true;
}

// Splits the text; returns what is wrong and the remedy if it has no form of a date.
std::string DayReader::WhyNotRead(std::string_view text, DayText* parts) const {
  if (!cut_date_.empty() && text == cut_date_) {
    return absl::StrCat(QuotedText(text),
                        " ends earlier than the other dates, as if it were cut off; give the whole "
                        "date, or describe the dates with --date-format");
  }
  if (settings_.pattern.has_value()) {
    if (settings_.pattern->Read(text, parts)) return "";
    return absl::StrCat(QuotedText(text), " does not have the form ", settings_.pattern->text(),
                        "; correct it, or choose another --date-format");
  }
  if (!SplitDay(text, parts)) return absl::StrCat(QuotedText(text), " ", WhyNoDate(text, *parts));
  if (parts->form == Form::kSerial && refuse_serials_) {
    return absl::StrCat(
        QuotedText(text),
        " is the number of a day in a spreadsheet, between dates that the spreadsheet did not "
        "understand, so it may have swapped day and month; format the column as YYYY-MM-DD there");
  }
  if (IsIso(*parts) && refuse_serials_ && parts->numbers[1] != parts->numbers[2] &&
      parts->numbers[2] <= 12) {
    return absl::StrCat(
        QuotedText(text),
        " stands between dates that a spreadsheet did not understand, so it may have swapped day "
        "and month; format the column as YYYY-MM-DD there, or say --date-format=dmy or "
        "--date-format=mdy if this date is right");
  }
  if (parts->form == Form::kYearLast && order_ == DayOrder::kYearFirst) {
    return absl::StrCat(QuotedText(text),
                        " does not begin with the year; give YYYY-MM-DD, or choose "
                        "--date-format=mdy or --date-format=dmy");
  }
  return "";
}

// Converts `moment` to the time zone that the user named, if the text says in which one it is.
std::string DayReader::WhyNotConverted(std::string_view text, const DayText& parts,
                                       Moment* moment) const {
  if (!settings_.zone.has_value()) return "";
  const absl::string_view name(parts.clock.zone.data(), parts.clock.zone.size());
  absl::TimeZone written;
  if (parts.clock.offset_minutes.has_value()) {
    written = absl::FixedTimeZone(*parts.clock.offset_minutes * 60);
  } else if (name.empty()) {
    return "";
  } else if (!absl::StrContains(name, '/') || !absl::LoadTimeZone(name, &written)) {
    return absl::StrCat(QuotedText(text), " is in ", name,
                        ", as several time zones are called, so it cannot be converted; give an "
                        "offset such as +02:00, or leave --time-zone out");
  }
  *moment = InZone(*moment, written, *settings_.zone);
  return "";
}

bool DayReader::ReadNew(std::string_view text, Moment* moment, std::string* why) const {
  DayText parts;
  *why = WhyNotRead(text, &parts);
  if (!why->empty()) return false;
  const auto day = EpochDayOf(parts, order_.value_or(DayOrder::kYearFirst));
  if (!day.has_value()) {
    *why = absl::StrCat(
        QuotedText(text), " is a day that does not exist; give a day that exists",
        IsOpen(parts) || parts.separator == 0 ? ", or choose another --date-format" : "");
    return false;
  }
  *moment = {*day, parts.clock.minute_of_day};
  *why = WhyNotConverted(text, parts, moment);
  if (!why->empty()) return false;
  *why = WhyNoShopDay(moment->day);
  if (!why->empty()) *why = absl::StrCat(QuotedText(text), " ", *why);
  return why->empty();
}

bool DayReader::AddTime(std::string_view text, Moment* moment, std::string* why) const {
  std::string scratch;
  bool decoded = false;
  text = ValueText(text, &scratch, &decoded);
  DayText parts;
  if (!SplitTime(text, &parts.clock)) {
    *why = absl::StrCat(QuotedText(text), " is not a time of day; give for example 14:20");
    return false;
  }
  moment->minute = parts.clock.minute_of_day;
  *why = WhyNotConverted(text, parts, moment);
  return why->empty();
}

}  // namespace clustr::ctl
