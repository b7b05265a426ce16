#include "tools/clustr_mine/mine.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/clustr_mine/fimi_parser.h"
#include "tools/clustr_mine/line_writer.h"
#include "tools/clustr_mine/options.h"

namespace clustr::mine {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The results that clustr-mine writes for `text` with these flags, or the message of its error.
std::string Output(const std::string& text, std::vector<std::string_view> flags) {
  flags.push_back("-");
  const absl::StatusOr<Options> options = ParseOptions(flags);
  EXPECT_TRUE(options.ok()) << options.status();
  const absl::StatusOr<Transactions> transactions = ParseFimi(text);
  EXPECT_TRUE(transactions.ok()) << transactions.status();
  FILE* const file = tmpfile();
  LineWriter writer(fileno(file), options->format, transactions->names);
  const absl::StatusOr<int64_t> found = Mine(*transactions, *options, writer);
  EXPECT_TRUE(writer.Flush());
  std::string output;
  output.resize(static_cast<size_t>(lseek(fileno(file), 0, SEEK_END)));
  EXPECT_EQ(pread(fileno(file), output.data(), output.size(), 0),
            static_cast<ssize_t>(output.size()));
  fclose(file);
  if (!found.ok()) output = std::string(found.status().message());
  return output;
}

constexpr char kBaskets[] = "1 2 3\n1 2\n1 2\n1\n\n3 9\n";

TEST(ClustrMineTest, WritesItemsets) {
  EXPECT_EQ(Output(kBaskets, {"--min-count=2"}), "1 (4)\n2 (3)\n1 2 (3)\n3 (2)\n");
  EXPECT_EQ(Output(kBaskets, {"--min-support=0.4", "--target=maximal"}), "1 2 (3)\n3 (2)\n");
  EXPECT_EQ(Output(kBaskets, {"--target=closed", "--min-count=2", "--min-size=2"}), "1 2 (3)\n");
  EXPECT_EQ(Output(kBaskets, {"--top=2"}), "1 (4)\n2 (3)\n");
  EXPECT_EQ(Output(kBaskets, {"--min-count=1", "--items=9"}), "9 (1)\n3 9 (1)\n");
  EXPECT_THAT(Output(kBaskets, {"--min-count=1", "--items=77"}), IsEmpty());
  EXPECT_EQ(Output(kBaskets, {"--min-count=4", "--output=json"}), "{\"items\":[1],\"count\":4}\n");
}

TEST(ClustrMineTest, WritesRules) {
  EXPECT_EQ(Output(kBaskets, {"--rules", "--min-count=3"}), "2 => 1 (3 3 4)\n1 => 2 (3 4 3)\n");
  EXPECT_EQ(Output(kBaskets, {"--rules", "--min-count=3", "--min-confidence=1"}),
            "2 => 1 (3 3 4)\n");
  EXPECT_EQ(Output(kBaskets, {"--rules", "--min-count=3", "--antecedents=1"}), "1 => 2 (3 4 3)\n");
  EXPECT_EQ(Output(kBaskets, {"--rules", "--top=1", "--measure=confidence", "--min-count=3"}),
            "2 => 1 (3 3 4)\n");
}

TEST(ClustrMineTest, RefusalNamesTheRemedy) {
  EXPECT_THAT(Output(kBaskets, {"--min-count=1", "--limit=1"}), HasSubstr("a min_count of 4 fits"));
  EXPECT_THAT(Output(kBaskets, {"--min-count=1", "--rules", "--limit=1"}),
              HasSubstr("use stricter thresholds"));
  EXPECT_THAT(Output(kBaskets, {"--min-count=1", "--max-memory=1"}), HasSubstr("memory"));
}

}  // namespace
}  // namespace clustr::mine
