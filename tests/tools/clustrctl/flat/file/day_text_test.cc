#include "tools/clustrctl/flat/file/day_text.h"

#include "common/schema/date.h"
#include "gtest/gtest.h"

namespace clustr::ctl {
namespace {

// Returns the day as YYYY-MM-DD, or why the text is refused.
std::string Read(std::string_view text, DayOrder order = DayOrder::kYearFirst) {
  int32_t day = 0;
  std::string why;
  return ParseDay(text, order, &day, &why) ? schema::DateText(day) : why;
}

TEST(DayTextTest, ReadsDatesThatBeginWithTheYear) {
  for (const auto order : {DayOrder::kYearFirst, DayOrder::kMonthFirst, DayOrder::kDayFirst}) {
    EXPECT_EQ(Read("2010-12-01", order), "2010-12-01");
    EXPECT_EQ(Read("2010/2/3", order), "2010-02-03");
    EXPECT_EQ(Read("2010.02.03", order), "2010-02-03");
  }
}

TEST(DayTextTest, ATimeOfDayDoesNotChangeTheDay) {
  for (const char* text : {"2010-12-01 8:26", "2010-12-01 08:26:00", "2010-12-01T23:59:60.123456Z",
                           "2010-12-01 08:26:00 -0500", "2010-12-01T08:26:00+01:00"}) {
    EXPECT_EQ(Read(text), "2010-12-01") << text;
  }
}

TEST(DayTextTest, ReadsMonthFirstOrDayFirstOnlyWhenTold) {
  EXPECT_EQ(Read("12/1/2010 8:26", DayOrder::kMonthFirst), "2010-12-01");
  EXPECT_EQ(Read("12/1/2010 8:26", DayOrder::kDayFirst), "2010-01-12");
  EXPECT_EQ(Read("31.12.2010", DayOrder::kDayFirst), "2010-12-31");
  EXPECT_EQ(Read("12/1/2010"),
            "\"12/1/2010\" does not begin with the year; give YYYY-MM-DD, or choose "
            "--date-format=mdy or --date-format=dmy");
}

TEST(DayTextTest, RefusesDaysThatDoNotExist) {
  EXPECT_EQ(Read("2011-02-29"),
            "\"2011-02-29\" is day 29 of month 2 of 2011, which does not exist; give a day that "
            "exists");
  EXPECT_EQ(Read("13/1/2010", DayOrder::kMonthFirst),
            "\"13/1/2010\" is day 1 of month 13 of 2010, which does not exist; give a day that "
            "exists, or choose another --date-format");
  EXPECT_EQ(Read("2012-02-29"), "2012-02-29");
  EXPECT_EQ(
      Read("0000-01-01"),
      "\"0000-01-01\" is day 1 of month 1 of 0, which does not exist; give a day that exists");
}

TEST(DayTextTest, RefusesTextThatIsNotADate) {
  for (const std::string text : {"",
                                 "yesterday",
                                 "2010",
                                 "2010-12",
                                 "20101201",
                                 "2010-12/01",
                                 "2010-123-1",
                                 "10-12-01",
                                 "1/2/10",
                                 "2010-12-01x",
                                 "2010-12-01 ",
                                 "2010-12-01 24:00",
                                 "2010-12-01 8",
                                 "2010-12-01 8:5",
                                 "2010-12-01 08:26:61",
                                 "2010-12-01 08:26 pm",
                                 "2010-12-01 08:26 +5",
                                 "2010-12-01 08:26+05:0",
                                 "2010-12-01 08:26 Zulu",
                                 "-2010-12-01",
                                 "2010--12-01",
                                 "12010-12-01"}) {
    EXPECT_EQ(Read(text, DayOrder::kMonthFirst),
              "\"" + text + "\" is not a date; give for example 2010-12-31 or 2010-12-31 08:26");
  }
}

}  // namespace
}  // namespace clustr::ctl
