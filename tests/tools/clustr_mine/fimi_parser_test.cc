#include "tools/clustr_mine/fimi_parser.h"

#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"
#include "tests/tools/clustr_mine/plain_fimi.h"
#include "tests/tools/clustr_mine/random_fimi.h"

namespace clustr::mine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ParseFimiTest, SortsAndMergesItemsAndKeepsEmptyBaskets) {
  const absl::StatusOr<Transactions> read = ParseFimi("30 7 7\n\n 7\t4000000000,30\r\n5");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->names, ElementsAre(5, 7, 30, 4000000000));
  EXPECT_THAT(read->view().items, ElementsAre(1, 2, 1, 2, 3, 0));
  EXPECT_THAT(read->view().offsets, ElementsAre(0, 2, 2, 5, 6));
}

TEST(ParseFimiTest, EmptyTextHasNoBaskets) {
  for (const std::string_view nothing : {std::string_view(), std::string_view("")}) {
    const absl::StatusOr<Transactions> read = ParseFimi(nothing);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->view().size(), 0u);
  }
}

TEST(ParseFimiTest, LastLineMayLackItsLineEnd) {
  for (const char* text : {"1 2", "1 2\n", "1 2 ", "1 2\r\n"}) {
    const absl::StatusOr<Transactions> read = ParseFimi(text);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_THAT(read->view().offsets, ElementsAre(0, 2)) << text;
  }
}

std::string Refusal(std::string_view text) {
  return std::string(ParseFimi(text).status().message());
}

TEST(ParseFimiTest, RefusalNamesPlaceAndRemedy) {
  EXPECT_THAT(Refusal("1 2\n3 x\n"),
              HasSubstr("line 2, column 3: `x` is neither a number nor a blank; give items as"));
  EXPECT_THAT(Refusal("1 4294967296\n"),
              HasSubstr("line 1, column 3: the number is above 4294967295; give items as"));
  EXPECT_THAT(Refusal("1 -2\n"), HasSubstr("column 3: `-`"));
  EXPECT_THAT(Refusal(std::string("1\0", 2)), HasSubstr("column 2: `\\x00`"));
  EXPECT_THAT(Refusal("\x1f\x8b\x08"), HasSubstr("decompress it"));
}

TEST(ParseFimiTest, AcceptsNumbersUpToTheLimitWithLeadingZeros) {
  const absl::StatusOr<Transactions> read =
      ParseFimi("0 4294967295 00000000000000000000000000000000000000000000000000000000000000007\n");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->names, ElementsAre(0, 7, 4294967295));
}

TEST(ParseFimiTest, AgreesWithItsPlainTwinOnRandomAndDamagedText) {
  std::mt19937_64 random(RandomSeed());
  for (int i = 0; i < 20000; ++i) {
    const std::string text = RandomFimi(random, 20);
    ASSERT_EQ(Difference(text), "") << testing::PrintToString(text);
  }
  for (int i = 0; i < 40; ++i) {
    const std::string text = RandomFimi(random, 4000);
    ASSERT_EQ(Difference(text), "") << "long text " << i;
  }
}

TEST(ParseFimiTest, LinesMayBeLong) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + (i % 40'000 == 0 ? "\n" : " ");
  EXPECT_EQ(Difference(text), "");
  EXPECT_EQ(Difference(text + "7 7"), "");
  EXPECT_EQ(Difference(std::string(100'000, ' ')), "");
  EXPECT_EQ(Difference(std::string(100'000, '0') + "1"), "");
}

TEST(ParseFimiTest, ArraysGrowBeyondWhatWasReserved) {
  std::string text;
  for (int i = 0; i < 3'000'000; ++i) text += i % 7 == 6 ? "1\n" : "1\n\n";
  EXPECT_EQ(Difference(text), "");
  text.assign(8'000'000, '\n');
  EXPECT_EQ(ParseFimi(text)->view().size(), 8'000'000u);
}

}  // namespace
}  // namespace clustr::mine
