#include "tools/clustrctl/print/text_table.h"

#include <sstream>

#include "gtest/gtest.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/wrap_text.h"

namespace clustr::ctl {
namespace {

std::string Printed(const TextTable& table, size_t width) {
  std::ostringstream out;
  table.Print(out, width);
  return out.str();
}

TEST(TextTableTest, AlignsByCodePoints) {
  TextTable table({{"NAME", Align::kLeft}, {"PRICE"}, {"NOTE", Align::kLeft}});
  table.Add({"Tée", "12.50", "a"});
  table.Add({"Überlang", "3.00", ""});
  EXPECT_EQ(Printed(table, 0),
            "NAME      PRICE  NOTE\n"
            "Tée       12.50  a\n"
            "Überlang   3.00  \n");
}

TEST(TextTableTest, CutsTheWidestTextsToFitATerminal) {
  TextTable table({{"LEFT", Align::kLeft}, {"RIGHT", Align::kLeft}, {"COUNT"}});
  table.Add({"a text of 21 letters,", "12 letters..", "1,234,567,890"});
  EXPECT_EQ(Printed(table, 0),
            "LEFT                   RIGHT                 COUNT\n"
            "a text of 21 letters,  12 letters..  1,234,567,890\n");
  EXPECT_EQ(Printed(table, 41),
            "LEFT          RIGHT                 COUNT\n"
            "a text of 2…  12 letters..  1,234,567,890\n");
  EXPECT_EQ(Printed(table, 37),
            "LEFT        RIGHT               COUNT\n"
            "a text of…  12 letter…  1,234,567,890\n");
  // Numbers are never cut, and eight letters of each text remain.
  EXPECT_EQ(Printed(table, 5),
            "LEFT      RIGHT             COUNT\n"
            "a text …  12 lett…  1,234,567,890\n");
}

TEST(TextTableTest, TellsWhichColumnsHaveNoRoom) {
  TextTable table({{"LEFT", Align::kLeft}, {"RIGHT", Align::kLeft}, {"COUNT"}});
  table.Add({"a text of 21 letters,", "short", "1,234,567,890"});
  EXPECT_TRUE(table.ColumnsWithoutRoom(0, {2, 1}).empty());
  EXPECT_TRUE(table.ColumnsWithoutRoom(30, {2, 1}).empty());  // 8 + 2 + 5 + 2 + 13
  EXPECT_EQ(table.ColumnsWithoutRoom(29, {2, 1}), std::vector<size_t>({2}));
  EXPECT_EQ(table.ColumnsWithoutRoom(29, {1, 2}), std::vector<size_t>({1}));
  EXPECT_EQ(table.ColumnsWithoutRoom(5, {2, 1}), std::vector<size_t>({1, 2}));
}

TEST(WrapTextTest, BreaksAtSpacesAndIndents) {
  EXPECT_EQ(WrapText("one two three", 2, 0), "one two three");
  EXPECT_EQ(WrapText("one two three", 2, 9), "one two\n  three");
  EXPECT_EQ(WrapText("one two three", 2, 8), "one\n  two\n  three");
  EXPECT_EQ(WrapText("unbreakable", 2, 5), "unbreakable");
  EXPECT_EQ(WrapText("", 2, 5), "");
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
