#include "tools/clustrctl/flat/values/day_text.h"

#include "common/schema/date.h"
#include "gtest/gtest.h"

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
  EXPECT_EQ(parts.minute_of_day, 23 * 60 + 59);
  EXPECT_EQ(parts.offset_minutes, 0);
  ASSERT_TRUE(SplitDay("2010-12-01 12:05 AM -0530", &parts));
  EXPECT_EQ(parts.minute_of_day, 5);
  EXPECT_EQ(parts.offset_minutes, -330);
  ASSERT_TRUE(SplitDay("12/1/2010, 3:05:00 PM", &parts));
  EXPECT_EQ(parts.minute_of_day, 15 * 60 + 5);
  EXPECT_FALSE(parts.offset_minutes.has_value());
  ASSERT_TRUE(SplitDay("Thu Aug 14 2025 12:50:00 GMT+0200 (Central European Summer Time)", &parts));
  EXPECT_EQ(parts.offset_minutes, 120);
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
                           "2010-12-01 13:26 pm",
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
