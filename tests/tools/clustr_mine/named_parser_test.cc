#include "tools/clustr_mine/named_parser.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::mine {
namespace {

using ::testing::ElementsAre;

// The labels, and then each basket as the places of its items: `0 2`.
std::vector<std::string> Parse(std::string_view text) {
  const Transactions transactions = ParseNamed(text);
  std::vector<std::string> lines = {absl::StrJoin(transactions.labels, "|")};
  const mining::BasketView baskets = transactions.view();
  for (size_t i = 0; i < baskets.size(); ++i) lines.push_back(absl::StrJoin(baskets[i], " "));
  return lines;
}

TEST(NamedParserTest, KnowsFilesWithNamesByTheirFirstBasket) {
  for (const char* text : {"milk", "1;2", "1 x", "@ITEM=1=milk\n1", "4710199010372", "\n\"1\"\n",
                           "-1", "# comment\n1 2"}) {
    EXPECT_TRUE(HasNames(text)) << text;
  }
  for (const char* text : {"", "\n\n", "1 2\nmilk", "1,2\t3\r\n", "4294967295"}) {
    EXPECT_FALSE(HasNames(text)) << text;
  }
}

TEST(NamedParserTest, SeparatesItemsBySeparatorsOrElseByBlanks) {
  EXPECT_THAT(Parse("tea, green tea,tea\ngreen tea\n"), ElementsAre("green tea|tea", "0 1", "0"));
  EXPECT_THAT(Parse("tea mug\r\n\r\nmug"), ElementsAre("mug|tea", "0 1", "", "0"));
  EXPECT_THAT(Parse("a;b,c\nb,c\n"), ElementsAre("a|b,c", "0 1", "1"));
  EXPECT_THAT(Parse("a\tb c;d\n"), ElementsAre("a|b c;d", "0 1"));
  EXPECT_THAT(Parse("\"tea, black\",\"say \"\"hi\"\"\"\n"),
              ElementsAre("say \"hi\"|tea, black", "0 1"));
  EXPECT_THAT(Parse("\"open,b\n"), ElementsAre("\"open|b", "0 1"));
}

TEST(NamedParserTest, OrdersNumbersByValueAndBeforeTexts) {
  EXPECT_THAT(Parse("10 9 x 4710199010372\n"), ElementsAre("9|10|4710199010372|x", "0 1 2 3"));
}

TEST(NamedParserTest, TakesNamesOfSpmfAndPassesOverComments) {
  EXPECT_THAT(Parse("@CONVERTED_FROM_TEXT\n@ITEM=1=milk\n@ITEM=2=bread\n% note\n1 2\n1\n"),
              ElementsAre("bread|milk", "0 1", "1"));
}

TEST(NamedParserTest, NamesNumbersByAFile) {
  const auto named = [](std::string_view names) {
    Transactions transactions;
    transactions.names = {1, 3};
    const absl::Status status = NameItems(names, &transactions);
    return status.ok() ? absl::StrJoin(transactions.labels, "|") : std::string(status.message());
  };
  EXPECT_EQ(named("001\tmilk\tDAIRY\n2 bread\n3;green tea\n"), "milk|green tea");
  EXPECT_EQ(named("milk\nbread\ntea\n"), "milk|tea");
  EXPECT_EQ(named("1 milk\n"), "milk|3");
  EXPECT_EQ(named("1 milk\n1 bread\n"),
            "line 2: item 1 has a second name; give each item one name");
}

}  // namespace
}  // namespace clustr::mine
