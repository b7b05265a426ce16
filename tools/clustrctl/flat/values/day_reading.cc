#include "tools/clustrctl/flat/values/day_reading.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "common/base/errors.h"
#include "common/schema/date.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

using Form = DayText::Form;

constexpr std::array<std::pair<DayOrder, DayOrder>, 3> kPairs = {{
    {DayOrder::kDayFirst, DayOrder::kMonthFirst},
    {DayOrder::kDayFirst, DayOrder::kYearFirst},
    {DayOrder::kMonthFirst, DayOrder::kYearFirst},
}};
constexpr char kShape[] =
    "is not a date; give for example 2010-12-31 or 2010-12-31 08:26, or describe the dates with "
    "--date-format";

std::string QuotedText(std::string_view text) {
  return Quoted(absl::string_view(text.data(), text.size()));
}

bool IsOpen(const DayText& parts) {
  return parts.form == Form::kYearLast || parts.form == Form::kShortYear;
}

// `5 March 2024`.
std::string LongDay(int32_t epoch_day) {
  const absl::CivilDay day = absl::CivilDay() + epoch_day;
  return absl::FormatTime("%-d %B %Y", absl::FromCivil(day, absl::UTCTimeZone()),
                          absl::UTCTimeZone());
}

// Whether anybody writes such a date in that order. With dots, the month never comes first, and a
// short year comes first only with dashes, or if it cannot be a day (99/12/31).
bool IsUsual(const DayText& parts, DayOrder order) {
  if (order == DayOrder::kMonthFirst) return parts.separator != '.';
  if (order == DayOrder::kYearFirst) {
    return parts.form == Form::kShortYear && (parts.separator == '-' || parts.numbers[0] > 31);
  }
  return true;
}

// `day` and `minute` of a text with an offset, as clocks in `zone` showed them.
Moment InZone(const Moment& moment, int offset_minutes, const absl::TimeZone& zone) {
  const absl::CivilMinute written =
      absl::CivilMinute(absl::CivilDay() + moment.day) + std::max(moment.minute, 0);
  const absl::Time instant =
      absl::FromCivil(written, absl::UTCTimeZone()) - absl::Minutes(offset_minutes);
  const absl::CivilMinute local = absl::ToCivilMinute(instant, zone);
  return {static_cast<int32_t>(absl::CivilDay(local) - absl::CivilDay()),
          local.hour() * 60 + local.minute()};
}

}  // namespace

void DaySurvey::Add(std::string_view text) {
  if (text.empty() || text == last_ || settings_.pattern.has_value()) return;
  last_ = std::string(text);
  std::string scratch;
  bool decoded = false;
  text = ValueText(text, &scratch, &decoded);
  DayText parts;
  if (!SplitDay(text, &parts)) return;
  has_serials_ = has_serials_ || parts.form == Form::kSerial;
  if (!IsOpen(parts)) return;
  std::array<std::optional<int32_t>, 3> days;
  for (const DayOrder order : kDayOrders) {
    days[static_cast<size_t>(order)] = EpochDayOf(parts, order);
  }
  if (!days[0].has_value() && !days[1].has_value() && !days[2].has_value()) return;
  has_open_ = true;
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

bool DayReader::ReadNew(std::string_view text, Moment* moment, std::string* why) const {
  if (settings_.pattern.has_value()) {
    absl::CivilMinute time;
    if (!settings_.pattern->Read(text, &time)) {
      *why = absl::StrCat(QuotedText(text), " does not have the form ", settings_.pattern->text(),
                          "; correct it, or choose another --date-format");
      return false;
    }
    moment->day = static_cast<int32_t>(absl::CivilDay(time) - absl::CivilDay());
    moment->minute = settings_.pattern->has_time() ? time.hour() * 60 + time.minute() : -1;
    return true;
  }
  DayText parts;
  if (!SplitDay(text, &parts)) {
    *why = absl::StrCat(QuotedText(text), " ", kShape);
    return false;
  }
  if (parts.form == Form::kSerial && refuse_serials_) {
    *why = absl::StrCat(
        QuotedText(text),
        " is the number of a day in a spreadsheet, between dates that the spreadsheet did not "
        "understand, so it may have swapped day and month; format the column as YYYY-MM-DD there");
    return false;
  }
  const auto day = EpochDayOf(parts, order_.value_or(DayOrder::kYearFirst));
  if (parts.form == Form::kYearLast && order_ == DayOrder::kYearFirst) {
    *why = absl::StrCat(QuotedText(text),
                        " does not begin with the year; give YYYY-MM-DD, or choose "
                        "--date-format=mdy or --date-format=dmy");
    return false;
  }
  if (!day.has_value()) {
    *why = absl::StrCat(QuotedText(text), " is a day that does not exist; give a day that exists",
                        IsOpen(parts) ? ", or choose another --date-format" : "");
    return false;
  }
  *moment = {*day, parts.minute_of_day};
  if (settings_.zone.has_value() && parts.offset_minutes.has_value()) {
    *moment = InZone(*moment, *parts.offset_minutes, *settings_.zone);
  }
  return true;
}

}  // namespace clustr::ctl
