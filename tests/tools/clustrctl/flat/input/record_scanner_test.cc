#include "tools/clustrctl/flat/input/record_scanner.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The records as `line: cell|cell`, read in steps of `step` bytes.
std::vector<std::string> Scan(const std::string& text, size_t width = 0, char separator = ',',
                              size_t step = 1 << 20) {
  std::vector<std::string> records;
  size_t place = 0;
  RecordScanner scanner(
      [&](char* to, size_t size) -> absl::StatusOr<size_t> {
        const size_t count = std::min({step, size, text.size() - place});
        text.copy(to, count, place);
        place += count;
        return count;
      },
      separator);
  scanner.set_width(width);
  while (*scanner.Next()) {
    records.push_back(scanner.is_overlong()
                          ? absl::StrCat(scanner.line(), ": overlong")
                          : absl::StrCat(scanner.line(), ": ",
                                         absl::StrJoin(scanner.cells(), "|",
                                                       [](std::string* out, std::string_view cell) {
                                                         out->append(cell);
                                                       })));
  }
  EXPECT_EQ(scanner.bytes_read(), static_cast<int64_t>(text.size()));
  return records;
}

TEST(RecordScannerTest, SplitsLinesAndCellsAndCountsLines) {
  EXPECT_THAT(Scan("a,b\nc,\"d\ne\",f\r\n\r\n,,\ng,h"),
              ElementsAre("1: a|b", "2: c|d\ne|f", "6: g|h"));
  EXPECT_THAT(Scan("a,b\rc,d\r"), ElementsAre("1: a|b", "2: c|d"));
  EXPECT_THAT(Scan(""), IsEmpty());
}

TEST(RecordScannerTest, AStrayQuoteTakesNoOtherLine) {
  EXPECT_THAT(Scan("1,\"x,2\n3,y,4\n5,z\",6\n", 3),
              ElementsAre("1: 1|\"x|2", "2: 3|y|4", "3: 5|z\"|6"));
  EXPECT_THAT(Scan("1,\"x,2\n3,y,4", 3), ElementsAre("1: 1|\"x|2", "2: 3|y|4"));
  EXPECT_THAT(Scan("1,\"x\"y,2\n3,\"say \"\"hi\"\"\",4\n", 3),
              ElementsAre("1: 1|\"x\"y|2", "2: 3|say \"hi\"|4"));
}

TEST(RecordScannerTest, GivesTheSameWhereverTheBufferEnds) {
  // Records whose quoted cells, escapes and line ends fall on every place of the buffer's end.
  std::string text;
  std::string expected;
  for (int i = 0; text.size() < (1 << 20) + 5000; ++i) {
    absl::StrAppend(&text, i, ",\"a", std::string(i % 7, '\n'), "\"\"b\",c\r\n");
  }
  const auto whole = Scan(text, 3);
  EXPECT_EQ(whole, Scan(text, 3, ',', 7919));
  EXPECT_EQ(whole[3], "7: 3|a\n\n\n\"b|c");
}

TEST(RecordScannerTest, AnOverlongRecordIsSkippedToItsLineEnd) {
  const std::string text = "a,b\n" + std::string(1 << 21, 'x') + "\nc,d\n";
  EXPECT_THAT(Scan(text, 2), ElementsAre("1: a|b", "2: overlong", "3: c|d"));
}

}  // namespace
}  // namespace clustr::ctl
