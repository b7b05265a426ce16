#include "common/storage/system/broken_texts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(BrokenTextsTest, ValidTextsPassAndAreNotRemembered) {
  BrokenTexts texts;
  for (const char* text : {"", "Cap", "Größe 🐈", "12345678ü"}) {
    EXPECT_EQ(texts.Readable("products", 1, "brand", text), text);
  }
  EXPECT_THAT(texts.Problems(), IsEmpty());
}

TEST(BrokenTextsTest, EachBrokenByteIsReplacedAndTheRowNamedUntilItIsWritten) {
  BrokenTexts texts;
  EXPECT_EQ(texts.Readable("products", 7, "brand", "12345678\xC3"), "12345678\uFFFD");
  EXPECT_EQ(texts.Readable("products", 7, "brand", "a\xE2\x82 b"), "a\uFFFD\uFFFD b");
  EXPECT_THAT(texts.Problems(), ElementsAre(StartsWith("row 7 of products has a damaged brand; ")));
  EXPECT_EQ(texts.count(), 1);
  texts.Forget("products", 8);
  EXPECT_THAT(texts.Problems(), SizeIs(1));
  texts.Forget("products", 7);
  EXPECT_THAT(texts.Problems(), IsEmpty());
  EXPECT_EQ(texts.count(), 0);
}

TEST(BrokenTextsTest, AFewRowsAreNamedAndTheOthersCounted) {
  BrokenTexts texts;
  for (int id = 1; id <= 25; ++id) texts.Report("transactions", id, "purchase_date");
  EXPECT_THAT(texts.Problems(), SizeIs(21));
  EXPECT_THAT(texts.Problems().back(), StartsWith("5 more rows have damaged texts; "));
}

}  // namespace
}  // namespace clustr::storage
