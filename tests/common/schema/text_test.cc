#include "common/schema/text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::schema {
namespace {

using ::testing::HasSubstr;

std::string Utf8(char32_t code) {
  std::string bytes;
  if (code < 0x80) {
    bytes += static_cast<char>(code);
  } else if (code < 0x800) {
    bytes += static_cast<char>(0xC0 | code >> 6);
    bytes += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    bytes += static_cast<char>(0xE0 | code >> 12);
    bytes += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    bytes += static_cast<char>(0x80 | (code & 0x3F));
  }
  return bytes;
}

TEST(TextTest, AcceptsEveryScript) {
  for (const char* text : {"", "plain", "O'Brien \"quoted\"", "'; DROP TABLE products; --", "Tée",
                           "漢字", "العربية", "🐈‍⬛", "a\xCC\x81", "\xEF\xBB\xBF with a mark",
                           "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80", "\xC2\xA0"}) {
    EXPECT_EQ(WhyNotText(text, 256), "") << text;
  }
}

TEST(TextTest, RefusesEveryKindOfInvalidUtf8) {
  struct Case {
    const char* name;
    std::string bytes;
  };
  for (const Case& c : std::vector<Case>{
           {"lone continuation", "\x80"},
           {"last continuation", "\xBF"},
           {"overlong in two bytes", "\xC0\x80"},
           {"overlong in two bytes, greatest", "\xC1\xBF"},
           {"two bytes cut off", "\xC2"},
           {"two bytes, second no continuation", "\xC2 "},
           {"overlong in three bytes", "\xE0\x80\x80"},
           {"overlong in three bytes, greatest", "\xE0\x9F\xBF"},
           {"three bytes cut off", "\xE2\x82"},
           {"three bytes, third no continuation", "\xE2\x82 "},
           {"first surrogate", "\xED\xA0\x80"},
           {"last surrogate", "\xED\xBF\xBF"},
           {"overlong in four bytes", "\xF0\x80\x80\x80"},
           {"overlong in four bytes, greatest", "\xF0\x8F\xBF\xBF"},
           {"four bytes cut off", "\xF0\x9F\x90"},
           {"four bytes, fourth no continuation", "\xF0\x9F\x90 "},
           {"above U+10FFFF", "\xF4\x90\x80\x80"},
           {"lead F5", "\xF5\x80\x80\x80"},
           {"lead FE", "\xFE"},
           {"lead FF", "\xFF"},
       }) {
    EXPECT_EQ(WhyNotText("ab" + c.bytes, 256), "byte 3 is not valid UTF-8; give UTF-8 text")
        << c.name;
    EXPECT_EQ(WhyNotText(c.bytes + "ab", 256), "byte 1 is not valid UTF-8; give UTF-8 text")
        << c.name;
  }
}

TEST(TextTest, RefusesControlCharactersAndSaysWhere) {
  for (char32_t code = 0; code < 0x100; ++code) {
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
    EXPECT_EQ(WhyNotText("ab" + Utf8(code), 256).empty(), !control) << static_cast<int>(code);
  }
  EXPECT_EQ(WhyNotText("é\n", 256), "has the control character U+000A at position 2; remove it");
  EXPECT_EQ(WhyNotText("\xC2\x85", 256),
            "has the control character U+0085 at position 1; remove it");
  EXPECT_THAT(WhyNotText(absl::string_view("a\0b", 3), 256), HasSubstr("U+0000 at position 2"));
}

TEST(TextTest, MeasuresLengthInCodePoints) {
  std::string cats;
  for (int i = 0; i < 256; ++i) cats += "🐈";
  EXPECT_EQ(CodePoints(cats), 256);
  EXPECT_EQ(WhyNotText(cats, 256), "");
  EXPECT_THAT(WhyNotText(cats + "x", 256), HasSubstr("has 257 characters; give at most 256"));
  EXPECT_EQ(CodePoints(""), 0);
  EXPECT_EQ(CodePoints("a\xCC\x81"), 2);
}

TEST(TextTest, BlankIsNothingButSpaces) {
  EXPECT_TRUE(IsBlank(""));
  EXPECT_TRUE(IsBlank("   "));
  EXPECT_FALSE(IsBlank(" x "));
}

}  // namespace
}  // namespace clustr::schema
