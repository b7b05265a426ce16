#include "common/importing/csv_reader.h"

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::importing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CsvReaderTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& content) {
    const std::string path = ::testing::TempDir() + "/csv_reader_test_" +
                             ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  // All rows of the file, each as `number|cell|cell` or `number! error`.
  std::vector<std::string> Rows(const std::string& path, std::string_view delimiters = ",") {
    absl::StatusOr<CsvReader> reader = CsvReader::Open(path, delimiters);
    EXPECT_TRUE(reader.ok()) << reader.status();
    header_ = reader->header();
    std::vector<std::string> rows;
    CsvRow row;
    while (true) {
      absl::StatusOr<bool> found = reader->Next(&row);
      status_ = found.status();
      if (!found.ok() || !*found) return rows;
      rows.push_back(absl::StrCat(row.number));
      if (!row.error.empty()) absl::StrAppend(&rows.back(), "! ", std::string(row.error));
      for (std::string_view cell : row.cells) absl::StrAppend(&rows.back(), "|", std::string(cell));
    }
  }

  std::vector<std::string> header_;
  absl::Status status_;
};

TEST_F(CsvReaderTest, ReadsRowsByLineFeed) {
  EXPECT_THAT(Rows(Write("a,b\n1,2\n3,4\n")), ElementsAre("1|1|2", "2|3|4"));
  EXPECT_THAT(header_, ElementsAre("a", "b"));
}

TEST_F(CsvReaderTest, TakesTheMostFrequentDelimiterOfTheHeader) {
  EXPECT_THAT(Rows(Write("a;\"b,,,\";c\n1,5;\"2;2\";3\n"), ",;\t"), ElementsAre("1|1,5|2;2|3"));
  EXPECT_THAT(header_, ElementsAre("a", "b,,,", "c"));
  EXPECT_THAT(Rows(Write("a\tb\n1,5\t\"2\"\n3\n"), ",;\t"),
              ElementsAre("1|1,5|2",
                          "2! has 1 cell where the header has 2; complete the row, and put a cell "
                          "with a delimiter into quotes"));
  EXPECT_THAT(Rows(Write("a\n1;2\n"), ",;\t"), ElementsAre("1|1;2"));
  EXPECT_THAT(Rows(Write("a;b\n1;2\n")), ElementsAre("1|1;2"));
}

TEST_F(CsvReaderTest, ReadsByteOrderMarkAndCarriageReturns) {
  EXPECT_THAT(Rows(Write("\xEF\xBB\xBF" "a,b\r\n1,2\r\n\"3\",\"4\"\r\n")),
              ElementsAre("1|1|2", "2|3|4"));
  EXPECT_THAT(header_, ElementsAre("a", "b"));
}

TEST_F(CsvReaderTest, ReadsLastRowWithoutLineEnd) {
  EXPECT_THAT(Rows(Write("a,b\n1,2")), ElementsAre("1|1|2"));
  EXPECT_THAT(Rows(Write("a,b\n1,\"2\"")), ElementsAre("1|1|2"));
  EXPECT_THAT(Rows(Write("a,b\n1,")), ElementsAre("1|1|"));
}

TEST_F(CsvReaderTest, ReadsQuotesCommasAndEscapes) {
  EXPECT_THAT(Rows(Write("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"\",\"\"\"\"\n")),
              ElementsAre("1|x, y|say \"hi\"", "2||\""));
}

TEST_F(CsvReaderTest, TellsBareFromQuotedEmptyCells) {
  absl::StatusOr<CsvReader> reader = CsvReader::Open(Write("a,b,c\n,\"\",\n"));
  CsvRow row;
  ASSERT_TRUE(*reader->Next(&row));
  EXPECT_EQ(row.cells[0].data(), nullptr);
  EXPECT_NE(row.cells[1].data(), nullptr);
  EXPECT_TRUE(row.cells[1].empty());
  EXPECT_EQ(row.cells[2].data(), nullptr);
}

TEST_F(CsvReaderTest, RefusesOnlyTheRaggedRow) {
  EXPECT_THAT(Rows(Write("a,b\n1\n1,2\n1,2,3\n4,5\n")),
              ElementsAre(HasSubstr("1! has 1 cell where the header has 2"), "2|1|2",
                          HasSubstr("3! has 3 cells where the header has 2"), "4|4|5"));
}

TEST_F(CsvReaderTest, RefusesControlCharacters) {
  EXPECT_THAT(Rows(Write(std::string("a,b\n1,x\ty\n\"\x01\",2\n1,\r2\n5,\x7F\n1,\0\n1,2\n", 33))),
              ElementsAre(HasSubstr("1! b: contains the control character 0x09; remove it"),
                          HasSubstr("2! a: contains the control character 0x01"),
                          HasSubstr("3! b: contains the control character 0x0D"),
                          HasSubstr("4! b: contains the control character 0x7F"),
                          HasSubstr("5! b: contains the control character 0x00"), "6|1|2"));
}

TEST_F(CsvReaderTest, RefusesALineBreakInQuotesAsOneRow) {
  EXPECT_THAT(Rows(Write("a,b\n1,\"x\ny\"\n2,\"x\r\n\r\ny\"\r\n3,z\n")),
              ElementsAre("1! b: contains a line break inside quotes; remove it",
                          "2! b: contains a line break inside quotes; remove it", "3|3|z"));
}

TEST_F(CsvReaderTest, ContinuesWithTheLineAfterAnUnclosedQuote) {
  EXPECT_THAT(Rows(Write("a,b\n1,\"x\n2,y\n3,z\n")),
              ElementsAre(HasSubstr("1! b: a quote is opened but never closed"), "2|2|y", "3|3|z"));
  EXPECT_THAT(Rows(Write("a,b\n1,\"x\n2,\"y\"\n3,z\n")),
              ElementsAre(HasSubstr("1! b: a quote is opened but never closed"), "2|2|y", "3|3|z"));
}

TEST_F(CsvReaderTest, RefusesQuotesOutOfPlace) {
  EXPECT_THAT(Rows(Write("a,b\n1,32\" TV\n2,\"x\"y\n3,z\n")),
              ElementsAre(HasSubstr("1! b: an unquoted cell contains a quote"),
                          HasSubstr("2! b: text follows the closing quote"), "3|3|z"));
}

TEST_F(CsvReaderTest, SkipsBlankLines) {
  EXPECT_THAT(Rows(Write("a,b\n\n1,2\r\n\r\n\n")), ElementsAre("1|1|2"));
}

TEST_F(CsvReaderTest, RefusesAnEmptyFile) {
  EXPECT_EQ(CsvReader::Open(Write("")).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CsvReader::Open(Write("\n\n")).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CsvReader::Open("/nonexistent/x.csv").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(CsvReaderTest, ReadsAHeaderAlone) {
  EXPECT_THAT(Rows(Write("a,b")), IsEmpty());
  EXPECT_THAT(header_, ElementsAre("a", "b"));
}

TEST_F(CsvReaderTest, ReadsAHugeCellAndRefusesALongerRow) {
  const std::string huge(900'000, 'x');
  const std::string longer(3'000'000, 'y');
  const std::vector<std::string> rows =
      Rows(Write("a,b\n1," + huge + "\n2," + longer + "\n3,\"" + longer + "\"\n4,z\n"));
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_TRUE(rows[0] == "1|1|" + huge);
  EXPECT_THAT(rows[1], HasSubstr("2! is longer than 1 MiB"));
  EXPECT_THAT(rows[2], HasSubstr("3! is longer than 1 MiB"));
  EXPECT_EQ(rows[3], "4|4|z");
}

// Rows cross the end of the reader's buffer at every possible offset.
TEST_F(CsvReaderTest, ReadsRowsAcrossBufferBoundaries) {
  std::string content = "a,b\r\n";
  std::vector<std::string> expected;
  for (int i = 0; content.size() < 5 << 20; ++i) {
    absl::StrAppend(&content, i, ",\"", i % 7, "\"\"\"\r\n");
    expected.push_back(absl::StrCat(i + 1, "|", i, "|", i % 7, "\""));
  }
  EXPECT_EQ(Rows(Write(content)), expected);
}

TEST_F(CsvReaderTest, ReadsGzipWhateverItsName) {
  const std::string path = Write("");
  gzFile file = gzopen(path.c_str(), "wb");
  gzputs(file, "a,b\n1,2\n");
  gzclose(file);
  EXPECT_THAT(Rows(path), ElementsAre("1|1|2"));
}

TEST_F(CsvReaderTest, ReportsCutOffGzip) {
  const std::string path = Write("");
  gzFile file = gzopen(path.c_str(), "wb");
  for (int i = 0; i < 400'000; ++i) gzprintf(file, "%d,%d\n", i, i % 1009 * 7919 % 10007);
  gzclose(file);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  Rows(path);
  EXPECT_EQ(status_.code(), absl::StatusCode::kDataLoss) << status_;
}

}  // namespace
}  // namespace clustr::importing
