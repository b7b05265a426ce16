#include "common/schema/date.h"
#include "gtest/gtest.h"
#include "tools/clustrctl/flat/file/day_text.h"

namespace clustr::ctl {
namespace {

// The day as YYYY-MM-DD, or why there is none.
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

TEST(DayTextTest, ATimeBehindDoesNotMoveTheDay) {
  for (const char* text : {"2010-12-01 8:26", "2010-12-01 08:26:00", "2010-12-01T23:59:60.123456Z",
                           "2010-12-01 08:26:00 -0500", "2010-12-01T08:26:00+01:00"}) {
    EXPECT_EQ(Read(text), "2010-12-01") << text;
  }
}

TEST(DayTextTest, ReadsMonthFirstOrDayFirstOnlyWhereItIsSaid) {
  EXPECT_EQ(Read("12/1/2010 8:26", DayOrder::kMonthFirst), "2010-12-01");
  EXPECT_EQ(Read("12/1/2010 8:26", DayOrder::kDayFirst), "2010-01-12");
  EXPECT_EQ(Read("31.12.2010", DayOrder::kDayFirst), "2010-12-31");
  EXPECT_EQ(Read("12/1/2010"),
            "\"12/1/2010\" does not begin with the year; give YYYY-MM-DD, or say with "
            "--date-format=mdy or dmy how it is meant");
}

TEST(DayTextTest, ADayExists) {
  EXPECT_EQ(Read("2011-02-29"),
            "\"2011-02-29\" has no day 29 in month 2 of 2011; give a day that exists");
  EXPECT_EQ(Read("13/1/2010", DayOrder::kMonthFirst),
            "\"13/1/2010\" has no day 1 in month 13 of 2010; give a day that exists, or another "
            "--date-format");
  EXPECT_EQ(Read("2012-02-29"), "2012-02-29");
  EXPECT_EQ(Read("0000-01-01"),
            "\"0000-01-01\" has no day 1 in month 1 of 0; give a day that exists");
}

TEST(DayTextTest, RefusesWhatIsNoDate) {
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
              "\"" + text + "\" is no date; give for example 2010-12-31 or 2010-12-31 08:26");
  }
}

}  // namespace
}  // namespace clustr::ctl
