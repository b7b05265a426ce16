#include "common/rpc/access/tokens.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

using ::testing::HasSubstr;

// Of `abc`, as FIPS 180 has it.
constexpr char kHash[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(TokensTest, KnowsATokenByItsHash) {
  const auto tokens = Tokens::Parse(std::string("# till\n\n  till-1   ") + kHash + "\r\n");
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  EXPECT_EQ(tokens->NameOf("abc"), "till-1");
  for (const char* stranger : {"", "abcd", "ab", kHash}) {
    EXPECT_EQ(tokens->NameOf(stranger), std::nullopt) << stranger;
  }
}

TEST(TokensTest, NamesTheLineThatIsWrong) {
  const std::string good = std::string("a ") + kHash + "\n";
  for (const std::string bad :
       {std::string("a"), std::string("a 12"), std::string(kHash), std::string("a ") + kHash + "0",
        std::string("a/b ") + kHash, std::string("a b ") + kHash}) {
    EXPECT_THAT(std::string(Tokens::Parse(good + bad).status().message()), HasSubstr("line 2"))
        << bad;
  }
}

}  // namespace
}  // namespace clustr::rpc
