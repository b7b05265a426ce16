#include "common/base/line_writer.h"

#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr {
namespace {

using ::testing::ElementsAre;

std::string DroppedLine(int64_t lines) { return absl::StrCat(lines, " dropped"); }

class LineWriterTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(pipe(pipe_), 0); }
  ~LineWriterTest() override {
    close(pipe_[0]);
    CloseWriteEnd();
  }
  void CloseWriteEnd() {
    if (pipe_[1] >= 0) close(pipe_[1]);
    pipe_[1] = -1;
  }
  int write_end() const { return pipe_[1]; }

  // Closes the write end and returns the lines in the pipe.
  std::vector<std::string> Lines() {
    CloseWriteEnd();
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(pipe_[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<size_t>(n));
    }
    return absl::StrSplit(text, '\n', absl::SkipEmpty());
  }
  // Waits for bytes in the pipe and returns them.
  std::string ReadSome() {
    char buffer[4096];
    const ssize_t n = read(pipe_[0], buffer, sizeof buffer);
    return std::string(buffer, static_cast<size_t>(std::max<ssize_t>(n, 0)));
  }

 private:
  int pipe_[2] = {-1, -1};
};

TEST_F(LineWriterTest, WritesWithoutAFlush) {
  LineWriter writer(write_end(), 1000, DroppedLine);
  writer.Put("first");
  EXPECT_EQ(ReadSome(), "first\n");
  writer.Put("second");
  EXPECT_EQ(ReadSome(), "second\n");
}

TEST_F(LineWriterTest, FinishWritesTheWaitingLines) {
  LineWriter writer(write_end(), 1000, DroppedLine);
  writer.Put("first");
  writer.Put("second");
  writer.Finish();
  writer.Put("too late");
  writer.Finish();
  EXPECT_THAT(Lines(), ElementsAre("first", "second"));
}

TEST_F(LineWriterTest, LinesOfManyThreadsStayWholeAndKeepEachThreadsOrder) {
  constexpr int kThreads = 8;
  constexpr int kLines = 200;
  {
    LineWriter writer(write_end(), 1 << 20, DroppedLine);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&writer, t] {
        for (int i = 0; i < kLines; ++i) writer.Put(absl::StrCat(t, " ", i));
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  std::vector<int> next(kThreads);
  for (const std::string& line : Lines()) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');
    ASSERT_EQ(parts.size(), 2u) << line;
    EXPECT_EQ(parts[1], absl::StrCat(next[static_cast<size_t>(std::stoi(parts[0]))]++));
  }
  EXPECT_THAT(next, ::testing::Each(kLines));
}

TEST_F(LineWriterTest, LinesBeyondTheBufferAreDroppedAndCounted) {
  LineWriter writer(write_end(), 5, DroppedLine);
  writer.Put("much too long");
  writer.Put("too long");
  writer.Put("fits");
  writer.Finish();
  EXPECT_THAT(Lines(), ElementsAre("fits", "2 dropped"));
}

TEST_F(LineWriterTest, AFileThatCannotBeWrittenBlocksNobody) {
  LineWriter writer(/*file=*/-1, 1000, DroppedLine);
  writer.Put("nobody reads this");
  writer.Finish();
}

TEST_F(LineWriterTest, AStalledReaderDoesNotHoldUpTheEnd) {
  const std::string line(1000, 'x');
  {
    LineWriter writer(write_end(), 1 << 20, DroppedLine);
    for (int i = 0; i < 500; ++i) writer.Put(line);  // More than a pipe holds.
    writer.Finish();
  }
  EXPECT_THAT(Lines(), ::testing::Contains(line));
}

}  // namespace
}  // namespace clustr
