#include "tools/clustrctl/print/text_table.h"

#include <sstream>

#include "gtest/gtest.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

TEST(TextTableTest, AlignsByCodePointsAndCutsLongCells) {
  TextTable table({{"NAME", Align::kLeft, 6}, {"PRICE"}, {"NOTE", Align::kLeft}});
  table.Add({"Tée", "12.50", "a"});
  table.Add({"Überlang", "3.00", ""});
  std::ostringstream out;
  table.Print(out);
  EXPECT_EQ(out.str(),
            "NAME    PRICE  NOTE\n"
            "Tée     12.50  a\n"
            "Überl…   3.00  \n");
}

TEST(NumbersTest, HaveSeparatorsUnitsAndFewDigits) {
  EXPECT_EQ(WithSeparators(0), "0");
  EXPECT_EQ(WithSeparators(999), "999");
  EXPECT_EQ(WithSeparators(1234567), "1,234,567");
  EXPECT_EQ(WithSeparators(-1234), "-1,234");
  EXPECT_EQ(WithSeparators(-123), "-123");
  EXPECT_EQ(Money(1234.5), "1,234.50");
  EXPECT_EQ(Money(-0.05), "-0.05");
  EXPECT_EQ(Ratio(12.3456), "12.35");
  EXPECT_EQ(Ratio(123456.7), "123,457");
  EXPECT_EQ(Percent(0.0125), "1.25 %");
  EXPECT_EQ(Bytes(1536), "1.5 KiB");
  EXPECT_EQ(Duration(0.34), "340 ms");
  EXPECT_EQ(Duration(7500), "2 h 5 min");
}

}  // namespace
}  // namespace clustr::ctl
