#include "common/schema/date.h"

#include "absl/strings/str_format.h"
#include "gtest/gtest.h"

namespace clustr::schema {
namespace {

int DaysOf(int year, int month) {
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month == 2) return leap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

TEST(DateTest, EveryDayFrom1999To2101ComesBack) {
  int32_t expected = EpochDayOf("1999-01-01");
  for (int year = 1999; year <= 2101; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 31; ++day) {
        const std::string text = absl::StrFormat("%04d-%02d-%02d", year, month, day);
        const auto date = ParseDate(text);
        ASSERT_EQ(date.has_value(), day <= DaysOf(year, month)) << text;
        if (!date.has_value()) continue;
        ASSERT_EQ(date->year, year);
        ASSERT_EQ(date->month, month);
        ASSERT_EQ(date->day, day);
        ASSERT_EQ(EpochDay(*date), expected) << text;
        ASSERT_EQ(DateText(expected), text);
        ++expected;
      }
    }
  }
}

TEST(DateTest, CountsFromTheEpoch) {
  EXPECT_EQ(EpochDayOf("1970-01-01"), 0);
  EXPECT_EQ(EpochDayOf("1969-12-31"), -1);
  EXPECT_EQ(EpochDayOf("2000-03-01"), 11017);
  EXPECT_EQ(DateText(EpochDayOf("0001-01-01")), "0001-01-01");
  EXPECT_EQ(DateText(EpochDayOf("9999-12-31")), "9999-12-31");
}

TEST(DateTest, KnowsLeapYears) {
  EXPECT_TRUE(ParseDate("2024-02-29").has_value());
  EXPECT_TRUE(ParseDate("2000-02-29").has_value());
  EXPECT_FALSE(ParseDate("2023-02-29").has_value());
  EXPECT_FALSE(ParseDate("1900-02-29").has_value());
  EXPECT_FALSE(ParseDate("2100-02-29").has_value());
  EXPECT_FALSE(ParseDate("2024-02-30").has_value());
}

TEST(DateTest, RefusesWhatIsNotExactlyYearMonthDay) {
  for (const char* text : {"",
                           "2024",
                           "2024-1-1",
                           "2024-01-1",
                           "24-01-01",
                           "2024/01/01",
                           "2024-01-01 ",
                           " 2024-01-01",
                           "2024-01-01T00:00:00Z",
                           "20240101",
                           "2024-00-10",
                           "2024-13-10",
                           "2024-01-00",
                           "2024-01-32",
                           "2024-04-31",
                           "0000-01-01",
                           "+024-01-01",
                           "-024-01-01",
                           "2024-+1-01",
                           "2024-01-0x",
                           "2024_01_01",
                           "٢٠٢٤-٠١-٠١",
                           "12024-01-01"}) {
    EXPECT_FALSE(ParseDate(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseDate(absl::string_view("2024-01-0\0", 10)).has_value());
}

}  // namespace
}  // namespace clustr::schema
