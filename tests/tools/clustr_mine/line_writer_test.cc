#include "tools/clustr_mine/line_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace clustr::mine {
namespace {

class LineWriterTest : public testing::Test {
 protected:
  ~LineWriterTest() override { std::fclose(file_); }

  int file() const { return fileno(file_); }

  std::string Written() const {
    std::string text(static_cast<size_t>(lseek(file(), 0, SEEK_END)), '\0');
    EXPECT_EQ(pread(file(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

 private:
  std::FILE* const file_ = std::tmpfile();
};

const std::vector<uint32_t> kNames = {0, 7, 4294967295};

TEST_F(LineWriterTest, WritesText) {
  LineWriter writer(file(), Format::kText, kNames);
  writer.Write({0, 2}, INT64_MAX);
  const std::vector<mining::Item> left = {1}, right = {0, 2};
  writer.Write({left, right, {.count_a = 2, .count_b = 3, .count_ab = 1, .basket_count = 9}});
  EXPECT_TRUE(writer.Flush());
  EXPECT_EQ(Written(), "0 4294967295 (9223372036854775807)\n7 => 0 4294967295 (1 2 3)\n");
}

TEST_F(LineWriterTest, WritesJson) {
  LineWriter writer(file(), Format::kJson, kNames);
  writer.Write({0, 2}, INT64_MAX);
  const std::vector<mining::Item> left = {1}, right = {0, 2};
  writer.Write({left, right, {.count_a = 2, .count_b = 3, .count_ab = 1, .basket_count = 9}});
  EXPECT_TRUE(writer.Flush());
  EXPECT_EQ(Written(),
            "{\"items\":[0,4294967295],\"count\":9223372036854775807}\n"
            "{\"antecedents\":[7],\"consequents\":[0,4294967295],"
            "\"count_ab\":1,\"count_a\":2,\"count_b\":3}\n");
}

// Some lines are longer than a block, and some counts have the same lowest bits.
TEST_F(LineWriterTest, WritesTheSameAsAStream) {
  std::vector<uint32_t> names(50'000);
  for (size_t i = 0; i < names.size(); ++i) names[i] = static_cast<uint32_t>(85'000 * i);
  LineWriter writer(file(), Format::kText, names);
  std::mt19937_64 random(1);
  std::ostringstream expected;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<mining::Item> items(1 + random() % (i % 4000 == 3999 ? names.size() : 12));
    for (size_t k = 0; k < items.size(); ++k) {
      items[k] = static_cast<mining::Item>(random() % names.size());
      expected << names[items[k]] << (k + 1 < items.size() ? " " : "");
    }
    const auto count = static_cast<int64_t>(random() >> (1 + random() % 63));
    expected << " (" << count << ")\n";
    writer.Write(items, count);
  }
  EXPECT_TRUE(writer.Flush());
  EXPECT_TRUE(Written() == expected.str());
}

TEST(LineWriterErrorTest, AFullDiskIsReportedWithItsErrno) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  LineWriter writer(full, Format::kText, kNames);
  writer.Write({1}, 1);
  EXPECT_FALSE(writer.Flush());
  EXPECT_EQ(writer.error(), ENOSPC);
  EXPECT_TRUE(writer.failed());
  EXPECT_FALSE(writer.Flush());
  close(full);
}

TEST(LineWriterErrorTest, WithoutAFileEveryWriteSucceeds) {
  LineWriter writer(-1, Format::kText, kNames);
  for (int i = 0; i < 1'000'000; ++i) writer.Write({0, 1, 2}, i);
  EXPECT_TRUE(writer.Flush());
}

}  // namespace
}  // namespace clustr::mine
