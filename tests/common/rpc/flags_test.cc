#include "common/rpc/flags.h"

#include <stdlib.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

using testing::Fails;
using ::testing::HasSubstr;
using testing::IsOk;

const std::vector<Flag>& TestFlags() {
  static const auto* flags = new std::vector<Flag>{
      {"test-port-file", "", "file that receives the port"}, {"test-limit", "50", "rows"}};
  return *flags;
}

class FlagsTest : public ::testing::Test {
 protected:
  ~FlagsTest() override { unsetenv("CLUSTR_TEST_PORT_FILE"); }

  static auto Refuses(const std::string& text) {
    return Fails(absl::StatusCode::kInvalidArgument, "", text);
  }
};

TEST_F(FlagsTest, AFlagHasItsDefault) {
  const auto flags = Flags::Parse(TestFlags(), {});
  ASSERT_THAT(flags, IsOk());
  EXPECT_EQ((*flags)["test-limit"], "50");
  EXPECT_EQ((*flags)["test-port-file"], "");
}

TEST_F(FlagsTest, TheCommandLineWinsOverTheEnvironment) {
  setenv("CLUSTR_TEST_PORT_FILE", "/from/environment", 1);
  EXPECT_EQ((*Flags::Parse(TestFlags(), {}))["test-port-file"], "/from/environment");
  EXPECT_EQ((*Flags::Parse(TestFlags(), {"--test-port-file=/a=b"}))["test-port-file"], "/a=b");
}

TEST_F(FlagsTest, TheLastValueCounts) {
  EXPECT_EQ((*Flags::Parse(TestFlags(), {"--test-limit=1", "--test-limit="}))["test-limit"], "");
}

TEST_F(FlagsTest, RefusesUnknownFlags) {
  EXPECT_THAT(Flags::Parse(TestFlags(), {"--limit=1"}), Refuses("there is no flag --limit; see"));
}

TEST_F(FlagsTest, RefusesAnArgumentThatIsNotAFlagWithAValue) {
  for (const char* argument : {"", "--test-limit", "-test-limit=1", "test-limit=1", "50", "--"}) {
    EXPECT_THAT(Flags::Parse(TestFlags(), {argument}), Refuses("is not of the form --name=value"))
        << argument;
  }
}

TEST_F(FlagsTest, AWholeNumberMustBeInItsRange) {
  const auto limit = [](const std::string& value) {
    return Flags::Parse(TestFlags(), {"--test-limit=" + value})->Integer("test-limit", 1, 100);
  };
  EXPECT_EQ(*limit("1"), 1);
  EXPECT_EQ(*limit("100"), 100);
  for (const char* value : {"0", "101", "", "x", "1.5", "99999999999999999999"}) {
    EXPECT_THAT(limit(value), Refuses("is not a whole number from 1 to 100")) << value;
  }
}

TEST_F(FlagsTest, HelpNamesEachFlagAndTheEnvironment) {
  const std::string help = HelpText("clustr-test", "tests", TestFlags());
  EXPECT_THAT(help, HasSubstr("clustr-test: tests"));
  EXPECT_THAT(help, HasSubstr("--test-limit=50\n      rows"));
  EXPECT_THAT(help, HasSubstr("CLUSTR_TEST_PORT_FILE"));
}

}  // namespace
}  // namespace clustr::rpc
