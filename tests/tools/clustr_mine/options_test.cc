#include "tools/clustr_mine/options.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::mine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Refusal(std::vector<std::string_view> arguments) {
  return std::string(ParseOptions(arguments).status().message());
}

TEST(OptionsTest, TakesFlagsBeforeAndAfterTheFile) {
  const absl::StatusOr<Options> options =
      ParseOptions({"--min-count=3", "file", "--rules", "--antecedents=7,1", "--output=json",
                    "--output=out", "--top=5", "--measure=jaccard"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->file, "file");
  EXPECT_EQ(options->min_count, 3);
  EXPECT_TRUE(options->rules);
  EXPECT_THAT(options->antecedents, ElementsAre("7", "1"));
  EXPECT_EQ(options->format, Format::kJson);
  EXPECT_EQ(options->output, "out");
  EXPECT_EQ(options->top, 5);
  EXPECT_EQ(options->measure, mining::Jaccard);
}

TEST(OptionsTest, RefusesUnknownFlagsASecondFileAndNoFile) {
  EXPECT_THAT(Refusal({"-", "--min-cout=1"}), HasSubstr("--min-cout: no such flag; see --help"));
  EXPECT_THAT(Refusal({"-h"}), HasSubstr("-h: no such flag; see --help"));
  EXPECT_THAT(Refusal({"--"}), HasSubstr("no such flag"));
  EXPECT_THAT(Refusal({"a", "b"}), HasSubstr("b: a second file"));
  EXPECT_THAT(Refusal({"a", "-"}), HasSubstr("-: a second file"));
  EXPECT_THAT(Refusal({}), HasSubstr("no file"));
}

TEST(OptionsTest, RefusalNamesFlagValueAndRemedy) {
  EXPECT_EQ(Refusal({"-", "--min-count=0"}),
            "--min-count: `0` is refused; give a whole number of at least 1");
  EXPECT_EQ(Refusal({"-", "--min-support=nan"}),
            "--min-support: `nan` is refused; give a share from 0 to 1, or from 0% to 100%");
  EXPECT_EQ(Refusal({"-", "--target=most"}),
            "--target: `most` is refused; give one of all, closed, maximal");
  for (const char* argument : {"--min-count=x",
                               "--min-count=9223372036854775808",
                               "--min-support=-0.1",
                               "--min-support=1.1",
                               "--top=0",
                               "--min-size=0",
                               "--max-size=0",
                               "--max-size=2147483648",
                               "--items=",
                               "--items=1,",
                               "--rules=yes",
                               "--min-confidence=2",
                               "--min-lift=-1",
                               "--min-lift=inf",
                               "--max-consequents=0",
                               "--measure=luck",
                               "--only-improving=1",
                               "--threads=0",
                               "--limit=-1",
                               "--max-memory=0",
                               "--max-seconds=-1",
                               "--output="}) {
    const std::string name = std::string(argument).substr(0, std::string(argument).find('='));
    EXPECT_THAT(Refusal({"-", argument}), HasSubstr(name + ": `")) << argument;
    EXPECT_THAT(Refusal({"-", argument}), HasSubstr("; give ")) << argument;
  }
}

TEST(OptionsTest, RefusesFlagsWithoutEffect) {
  EXPECT_THAT(Refusal({"-", "--min-confidence=0.5"}), HasSubstr("add --rules"));
  EXPECT_THAT(Refusal({"-", "--rules", "--target=closed"}), HasSubstr("leave the flag out"));
  EXPECT_THAT(Refusal({"-", "--rules", "--items=1"}), HasSubstr("give --antecedents"));
  EXPECT_THAT(Refusal({"-", "--min-size=3", "--max-size=2"}), HasSubstr("--max-size: `2`"));
}

TEST(OptionsTest, RefusesToListEverySubsetByDefault) {
  const std::string refusal =
      "no threshold; give --min-count=N, --min-support=S or --top=K; --min-count=1 lists every "
      "subset of every basket";
  EXPECT_EQ(Refusal({"-"}), refusal);
  EXPECT_EQ(Refusal({"-", "--rules", "--min-confidence=0.9", "--limit=9"}), refusal);
  for (const char* threshold : {"--min-count=1", "--min-support=0.1", "--top=3"}) {
    EXPECT_EQ(Refusal({"-", threshold}), "") << threshold;
  }
}

TEST(OptionsTest, HelpNeedsNoFile) { EXPECT_TRUE(ParseOptions({"--help"})->help); }

}  // namespace
}  // namespace clustr::mine
