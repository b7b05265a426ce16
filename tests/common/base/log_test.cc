#include "common/base/log.h"

#include "gtest/gtest.h"

namespace clustr {
namespace {

std::string Json(absl::string_view text) {
  std::string out;
  AppendJson(&out, text);
  return out;
}

TEST(AppendJsonTest, EscapesWhatJsonCannotHold) {
  EXPECT_EQ(Json("plain"), "\"plain\"");
  EXPECT_EQ(Json("a\"b\\c\nd\x7f"), "\"a\\\"b\\\\c\\u000ad\\u007f\"");
  EXPECT_EQ(Json(absl::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(AppendJsonTest, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(Json("é€😀"), "\"é€😀\"");
  EXPECT_EQ(Json("\xff"), "\"\\ufffd\"");
  EXPECT_EQ(Json("a\xc3"), "\"a\\ufffd\"");           // Cut short.
  EXPECT_EQ(Json("\xc0\x80"), "\"\\ufffd\\ufffd\"");  // Longer than needed.
  EXPECT_EQ(Json("\xe0\x80\x80"), "\"\\ufffd\\ufffd\\ufffd\"");
  EXPECT_EQ(Json("\xed\xa0\x80"), "\"\\ufffd\\ufffd\\ufffd\"");  // A surrogate.
  EXPECT_EQ(Json("\xf4\x90\x80\x80"), "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
  EXPECT_EQ(Json("\xe2\x82x"), "\"\\ufffd\\ufffdx\"");
}

TEST(SetLogLevelTest, ReturnsTheLevelBefore) {
  EXPECT_EQ(SetLogLevel(LogLevel::kError), LogLevel::kInfo);
  EXPECT_EQ(SetLogLevel(LogLevel::kInfo), LogLevel::kError);
}

}  // namespace
}  // namespace clustr
