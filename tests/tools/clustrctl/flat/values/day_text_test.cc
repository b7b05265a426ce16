#include "tools/clustrctl/flat/values/day_text.h"

#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/schema/date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/clustrctl/flat/values/day_fault.h"
#include "tools/clustrctl/flat/values/day_pattern.h"

namespace clustr::ctl {
namespace {

// Returns the day as YYYY-MM-DD, or `none`.
std::string Read(std::string_view text, DayOrder order = DayOrder::kDayFirst) {
  DayText parts;
  if (!SplitDay(text, &parts)) return "none";
  const auto day = EpochDayOf(parts, order);
  return day.has_value() ? schema::DateText(*day) : "none";
}

TEST(DayTextTest, DatesThatBeginWithTheYearHaveOneReading) {
  for (const DayOrder order : kDayOrders) {
    EXPECT_EQ(Read("2010-12-01", order), "2010-12-01");
    EXPECT_EQ(Read("2010/2/3", order), "2010-02-03");
    EXPECT_EQ(Read("20100203", order), "2010-02-03");
    EXPECT_EQ(Read("3 Feb 2010", order), "2010-02-03");
    EXPECT_EQ(Read("40212", order), "2010-02-03");
  }
}

TEST(DayTextTest, OtherDatesAreReadInTheGivenOrder) {
  EXPECT_EQ(Read("12/1/2010 8:26", DayOrder::kMonthFirst), "2010-12-01");
  EXPECT_EQ(Read("12/1/2010 8:26", DayOrder::kDayFirst), "2010-01-12");
  EXPECT_EQ(Read("12/1/2010 8:26", DayOrder::kYearFirst), "none");
  EXPECT_EQ(Read("10-12-31", DayOrder::kYearFirst), "2010-12-31");
  EXPECT_EQ(Read("31. 12. 2010"), "2010-12-31");
}

TEST(DayTextTest, TellsTheTimeAndItsOffset) {
  DayText parts;
  ASSERT_TRUE(SplitDay("2010-12-01T23:59:60.123456Z", &parts));
  EXPECT_EQ(parts.clock.minute_of_day, 23 * 60 + 59);
  EXPECT_EQ(parts.clock.offset_minutes, 0);
  ASSERT_TRUE(SplitDay("2010-12-01 12:05 AM -0530", &parts));
  EXPECT_EQ(parts.clock.minute_of_day, 5);
  EXPECT_EQ(parts.clock.offset_minutes, -330);
  ASSERT_TRUE(SplitDay("12/1/2010, 3:05:00 PM", &parts));
  EXPECT_EQ(parts.clock.minute_of_day, 15 * 60 + 5);
  EXPECT_FALSE(parts.clock.offset_minutes.has_value());
  ASSERT_TRUE(SplitDay("Thu Aug 14 2025 12:50:00 GMT+0200 (Central European Summer Time)", &parts));
  EXPECT_EQ(parts.clock.offset_minutes, 120);
}

// The time of a text as HH:MM, with its offset in minutes and its zone; `none` if it is no date.
std::string Time(std::string_view text) {
  DayText parts;
  if (!SplitDay(text, &parts)) return "none";
  const int minute = parts.clock.minute_of_day;
  std::string time = absl::StrFormat("%02d:%02d", minute / 60, minute % 60);
  if (parts.clock.offset_minutes.has_value()) {
    absl::StrAppendFormat(&time, " %+d", *parts.clock.offset_minutes);
  }
  if (!parts.clock.zone.empty()) time += " " + std::string(parts.clock.zone);
  return time;
}

TEST(DayTextTest, ReadsTheTimeInManyForms) {
  const std::vector<std::pair<const char*, const char*>> times = {
      {"20100203 1330", "13:30"},
      {"20100203133059", "13:30"},
      {"201302031330", "13:30"},
      {"20100203T133000Z", "13:30 +0"},
      {"2010-02-03T133000+0200", "13:30 +120"},
      {"2010-02-03T13", "13:00"},
      {"2010-02-03 24:00", "24:00"},
      {"21.07.2025 13.30", "13:30"},
      {"21.07.2025 um 13:30 Uhr", "13:30"},
      {"21/07/2025 13h30", "13:30"},
      {"21/07/2025 13h", "13:00"},
      {"21/07/2025 - 13:30", "13:30"},
      {"21/07/2025 1PM", "13:00"},
      {"21/07/2025 01:30 p. m.", "13:30"},
      {"21/07/2025 01:30\u00a0p.\u00a0m.", "13:30"},
      {"21/07/2025 01:30 p. m. PDT", "13:30 -420"},
      {"7/21/2025, 11:58:00\u202fPM", "23:58"},
      {"21/07/2025 01:30 μμ", "13:30"},
      {"21/07/2025 12:30 π.μ.", "00:30"},
      {"21/07/2025 01:30 PTG", "13:30"},
      {"21/07/2025 01:30 CH", "13:30"},
      {"2025. 7. 21. 오후 1:30:00", "13:30"},
      {"2025/7/21 下午1:30", "13:30"},
      {"21/07/2025 13:30:00 PM", "13:30"},
      {"21/07/2025 00:15:00 AM", "00:15"},
      {"July 21, 2025 @ 1:30 PM", "13:30"},
      {"lundi 21 juillet 2025 à 13:30", "13:30"},
      {"21 luglio 2025 alle ore 13.30", "13:30"},
      {"21/Jul/2025:13:30:00 +0000", "13:30 +0"},
      {"2025-07-21 13:30 +5:30", "13:30 +330"},
      {"2025-07-21 13:30 UTC+2", "13:30 +120"},
      {"2025-07-21 13:30 PDT", "13:30 -420"},
      {"2025-07-21 13:30 (CEST)", "13:30 +120"},
      {"2025-07-21 13:30 CST", "13:30 CST"},
      {"2025-07-21 13:30:00 Europe/Berlin", "13:30 Europe/Berlin"},
      {"2025-07-21T13:30:00+02:00[Europe/Berlin]", "13:30 +120"},
      {"2025-07-21 13:30:00 +0000 UTC", "13:30 +0"},
      {"Mon Jul 21 13:30:00 UTC 2025", "13:30 +0"},
      {"Mon Jul 21 13:30:00 2025", "13:30"},
  };
  for (const auto& [text, time] : times) EXPECT_EQ(Time(text), time) << text;
}

TEST(DayTextTest, NamesTheWordThatIsUnknown) {
  DayText parts;
  EXPECT_FALSE(SplitDay("2025-07-21 13:30 XYZ", &parts));
  EXPECT_EQ(parts.clock.unknown_word, "XYZ");
  EXPECT_FALSE(SplitDay("Jul 21, 2025 1:30 blah", &parts));
  EXPECT_EQ(parts.clock.unknown_word, "blah");
}

TEST(DayTextTest, ReadsTheDayInManyForms) {
  for (const char* text : {"Mo, 21.07.2025",
                           "21.07.2025 (Mo)",
                           "21.07.2025 г.",
                           "21.07.2025.",
                           "2025.07.21.",
                           "2025. 7. 21.",
                           "21 07 2025",
                           "2025_07_21",
                           "2025年7月21日",
                           "2025년 7월 21일",
                           "21\u00a0juillet\u00a02025",
                           "lun. 21 juil. 2025",
                           "le 21 juillet 2025",
                           "21 de julio del 2025",
                           "21st of July 2025",
                           "21 juli 2025",
                           "21 lipca 2025",
                           "21 lip 2025",
                           "21 Temmuz 2025",
                           "21 июля 2025 г.",
                           "2025. július 21.",
                           "21. července 2025",
                           "21. heinäkuuta 2025",
                           "21 ΙΟΥΛ 2025",
                           "21 iulie 2025"}) {
    EXPECT_EQ(Read(text), "2025-07-21") << text;
  }
}

TEST(DayTextTest, NamesOfMonthsInTheCommonLanguages) {
  const std::vector<std::pair<const char*, const char*>> days = {
      {"21 mrt 2025", "2025-03-21"},        {"1er août 2025", "2025-08-01"},
      {"5 maj 2025", "2025-05-05"},         {"5 augusti 2025", "2025-08-05"},
      {"5. června 2025", "2025-06-05"},     {"5. červen 2025", "2025-06-05"},
      {"5 mar 2025", "2025-03-05"},         {"5 marraskuuta 2025", "2025-11-05"},
      {"5 listopada 2025", "2025-11-05"},   {"5 Şubat 2025", "2025-02-05"},
      {"5 ŞUBAT 2025", "2025-02-05"},       {"5 MAIO 2025", "2025-05-05"},
      {"mar. 22 juil. 2025", "2025-07-22"}, {"mar 5 ago 2025", "2025-08-05"},
      {"mar 22/07/2025", "2025-07-22"},     {"Mar 22, 2025", "2025-03-22"},
      {"Mar 22nd, 2025", "2025-03-22"},     {"5 jui 2025", "none"},
  };
  for (const auto& [text, day] : days) EXPECT_EQ(Read(text), day) << text;
}

TEST(DayTextTest, TwelveDigitsMayBeginWithAShortYear) {
  EXPECT_EQ(Read("201012121330"), "none");
  EXPECT_EQ(Read("201312121330"), "2013-12-12");
}

TEST(DayTextTest, SaysWhatIsMissing) {
  const std::vector<std::pair<const char*, const char*>> faults = {
      {"21-Jul", "has no year"},
      {"21.07.", "has no year"},
      {"21/07", "has no year"},
      {"Jul 2025", "has no day"},
      {"2025-07", "has no day"},
      {"07/2025", "has no day"},
      {"1753104600", "is not a date; if it counts seconds since 1970, give 2025-07-21 13:30"},
      {"1753104600000",
       "is not a date; if it counts milliseconds since 1970, give 2025-07-21 13:30"},
      {"2025-07-21 13:30 XYZ", "has \"XYZ\" behind the time"},
      {"yesterday", "is not a date"},
  };
  for (const auto& [text, fault] : faults) {
    DayText parts;
    ASSERT_FALSE(SplitDay(text, &parts)) << text;
    EXPECT_THAT(WhyNoDate(text, parts), ::testing::StartsWith(fault)) << text;
  }
}

// Returns the day and the time, or `none`.
std::string ReadPattern(std::string_view form, std::string_view text) {
  const auto pattern = DayPattern::Parse(form);
  if (!pattern.ok()) return "bad";
  DayText parts;
  if (!pattern->Read(text, &parts)) return "none";
  const auto day = EpochDayOf(parts, DayOrder::kYearFirst);
  if (!day.has_value()) return "none";
  const int minute = parts.clock.minute_of_day;
  return schema::DateText(*day) +
         (minute < 0 ? "" : absl::StrFormat(" %02d:%02d", minute / 60, minute % 60));
}

TEST(DayPatternTest, ReadsNumbersWithoutSeparators) {
  EXPECT_EQ(ReadPattern("YYYYMMDDHHmmss", "20250721133000"), "2025-07-21 13:30");
  EXPECT_EQ(ReadPattern("YYYYMMDD-HHmm", "20250721-1330"), "2025-07-21 13:30");
  EXPECT_EQ(ReadPattern("%Y%m%d", "20250721"), "2025-07-21");
  EXPECT_EQ(ReadPattern("yyMMdd", "250721"), "2025-07-21");
  EXPECT_EQ(ReadPattern("YYYYMMDD", "250721"), "none");
  EXPECT_EQ(ReadPattern("YYYYMMDD", "202507211"), "none");
}

TEST(DayPatternTest, TakesTheTimeAsItIsWritten) {
  EXPECT_EQ(ReadPattern("%d.%m.%Y %H:%M %z", "21.07.2025 23:30 -0500"), "2025-07-21 23:30");
  EXPECT_EQ(ReadPattern("%FT%T%Ez", "2025-07-21T23:30:01.5Z"), "2025-07-21 23:30");
  EXPECT_EQ(ReadPattern("DD/MM/YYYY hh:mm a", "21/07/2025 01:30 p. m."), "2025-07-21 13:30");
  EXPECT_EQ(ReadPattern("YYYY-MM-DD HH:MM:SS.SSS", "2025-07-21 13:30:00.250"), "2025-07-21 13:30");
  EXPECT_EQ(ReadPattern("DD.MM.YYYY HH:mm", "21.07.2025 24:30"), "none");
}

TEST(DayPatternTest, ReadsNamesOfMonthsInTheCommonLanguages) {
  EXPECT_EQ(ReadPattern("DD. MMMM YYYY", "21. Juli 2025"), "2025-07-21");
  EXPECT_EQ(ReadPattern("EEE, DD MMM YYYY", "lun, 21 juil 2025"), "2025-07-21");
  EXPECT_EQ(ReadPattern("%A %e %B %Y", "poniedziałek 21 lipca 2025"), "2025-07-21");
  EXPECT_EQ(ReadPattern("DD MMM YYYY", "21 abc 2025"), "none");
}

TEST(DayPatternTest, RefusesSignsWithoutMeaning) {
  EXPECT_EQ(ReadPattern("%d.%m.%Y %U", "21.07.2025 1"), "bad");
  EXPECT_EQ(ReadPattern("%d.%m.%Y %", "21.07.2025 "), "bad");
  EXPECT_EQ(ReadPattern("DD.MM", "21.07"), "bad");
}

TEST(DayTextTest, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2011-02-29", "13/13/2010", "0000-01-01", "31 June 2010", "20101301"}) {
    EXPECT_EQ(Read(text), "none") << text;
  }
  EXPECT_EQ(Read("2012-02-29"), "2012-02-29");
}

TEST(DayTextTest, RefusesTextThatIsNotADate) {
  for (const char* text : {"",
                           "yesterday",
                           "2010",
                           "2010-12",
                           "2010-12/01",
                           "2010-123-1",
                           "2010-12-01x",
                           "2010-12-01 25:00",
                           "2010-12-01 8",
                           "2010-12-01 8:5",
                           "2010-12-01 08:26:61",
                           "2010-12-01 13:26 am",
                           "2010-12-01 00:26 pm",
                           "2010-12-01 24:26",
                           "2010-12-01 13:26 blah",
                           "until 3 February 2010",
                           "2010_12-01",
                           "2010-12-01 08:26 +5",
                           "2010-12-01 08:26+05:0",
                           "2010-12-01 08:26 Zuluzulu",
                           "-2010-12-01",
                           "2010--12-01",
                           "12010-12-01",
                           "Smarch 3 2010",
                           "3 jui 2010",
                           "123",
                           "4021",
                           "99999"}) {
    EXPECT_EQ(Read(text), "none") << text;
  }
}

}  // namespace
}  // namespace clustr::ctl
