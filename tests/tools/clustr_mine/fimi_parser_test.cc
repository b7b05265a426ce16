#include "tools/clustr_mine/fimi_parser.h"

#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/tools/clustr_mine/plain_fimi.h"

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

TEST(ParseFimiTest, NothingIsNoBasket) {
  for (const std::string_view nothing : {std::string_view(), std::string_view("")}) {
    const absl::StatusOr<Transactions> read = ParseFimi(nothing);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->view().size(), 0u);
  }
}

TEST(ParseFimiTest, LastLineMayLackItsEnd) {
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

TEST(ParseFimiTest, TakesNumbersUpToTheLimitWithZerosBeforeThem) {
  const absl::StatusOr<Transactions> read =
      ParseFimi("0 4294967295 00000000000000000000000000000000000000000000000000000000000000007\n");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->names, ElementsAre(0, 7, 4294967295));
}

// Lines as they are found in files, and some of their bytes changed.
std::string RandomText(std::mt19937_64& random) {
  static constexpr char kEnds[][4] = {"\n", " \n", "\r\n", "\n\n"};
  static constexpr char kBetween[][3] = {" ", " ", " ", ",", "\t", "  "};
  const uint64_t bound = uint64_t{1} << (1 + random() % 33);
  std::string text;
  for (uint64_t lines = random() % 20; lines > 0; --lines) {
    for (uint64_t items = random() % 20; items > 0; --items) {
      text += std::to_string(random() % bound % 4294967300) + kBetween[random() % 6];
    }
    text += kEnds[random() % 4];
  }
  while (!text.empty() && random() % 2 == 0) {
    const size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text[at] = "0123456789 \n"[random() % 12];
        break;
      case 2:
        text.resize(at);
        break;
      default:
        text.insert(at, std::to_string(random()));
    }
  }
  return text;
}

TEST(ParseFimiTest, AgreesWithItsPlainTwinOnRandomAndDamagedText) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const std::string text = RandomText(random);
    ASSERT_EQ(Difference(text, ParseFimi(text)), "") << testing::PrintToString(text);
  }
}

TEST(ParseFimiTest, ArraysGrowBeyondWhatWasReserved) {
  std::string text;
  for (int i = 0; i < 3'000'000; ++i) text += i % 7 == 6 ? "1\n" : "1\n\n";
  EXPECT_EQ(Difference(text, ParseFimi(text)), "");
  text.assign(8'000'000, '\n');
  EXPECT_EQ(ParseFimi(text)->view().size(), 8'000'000u);
}

}  // namespace
}  // namespace clustr::mine
