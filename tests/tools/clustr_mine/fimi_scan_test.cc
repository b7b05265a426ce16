#include "tools/clustr_mine/fimi_scan.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"
#include "tests/tools/clustr_mine/random_fimi.h"

namespace clustr::mine {
namespace {

struct Scanned {
  size_t refused = kAllTaken;
  std::vector<mining::Item> numbers;  // Empty if something is refused, like `line_ends`.
  std::vector<uint64_t> line_ends;

  bool operator==(const Scanned&) const = default;
};

// Scans the text in parts that end at `cuts` and at its end.
Scanned ScanInParts(Scan scan, std::string_view text, std::vector<size_t> cuts) {
  Scanned scanned = {.numbers = std::vector<mining::Item>(text.size() / 2 + 1 + kScanSlack),
                     .line_ends = std::vector<uint64_t>(text.size() + 1 + kScanSlack)};
  ScanOutput output = {.first = scanned.numbers.data(),
                       .numbers = scanned.numbers.data(),
                       .line_ends = scanned.line_ends.data()};
  cuts.push_back(text.size() + (text.empty() || text.back() == '\n' ? 0 : 1));
  size_t begin = 0;
  for (const size_t end : cuts) {
    scanned.refused = scan(text, begin, end, output);
    if (scanned.refused != kAllTaken) return {scanned.refused, {}, {}};
    begin = end;
  }
  scanned.numbers.resize(static_cast<size_t>(output.numbers - output.first));
  scanned.line_ends.resize(static_cast<size_t>(output.line_ends - scanned.line_ends.data()));
  return scanned;
}

TEST(FimiScanTest, WritesNumbersInTheirOrderAndLineEnds) {
  for (const Scan scan : SupportedScans()) {
    const Scanned scanned = ScanInParts(scan, "30 7,7\n\n\t4000000000\r\n5", {});
    EXPECT_THAT(scanned.numbers, testing::ElementsAre(30, 7, 7, 4000000000, 5));
    EXPECT_THAT(scanned.line_ends, testing::ElementsAre(3, 3, 4, 5));
  }
}

TEST(FimiScanTest, AllScansOfThisMachineAgreeWhereverPartsEnd) {
  std::mt19937_64 random(RandomSeed());
  for (int i = 0; i < 20000; ++i) {
    const std::string text = RandomFimi(random, 40);
    std::vector<size_t> cuts(random() % 4);
    for (size_t& cut : cuts) cut = random() % (text.size() + 1);
    std::sort(cuts.begin(), cuts.end());
    const Scanned plain = ScanInParts(ScanPortable, text, {});
    for (const Scan scan : SupportedScans()) {
      ASSERT_EQ(ScanInParts(scan, text, {}), plain) << testing::PrintToString(text);
      ASSERT_EQ(ScanInParts(scan, text, cuts), plain) << testing::PrintToString(text);
    }
  }
}

// The text begins or ends at a page boundary, next to pages that must not be read.
TEST(FimiScanTest, ReadsNothingOutsideTheText) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* const memory = mmap(nullptr, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  char* const pages = static_cast<char*>(memory) + page;
  ASSERT_EQ(mprotect(pages, page, PROT_READ | PROT_WRITE), 0);
  for (const size_t size : {1, 7, 8, 9, 55, 56, 57, 63, 64, 65, 119, 120, 121, 128, 500}) {
    for (const std::string line : {"1 23 456 7890\n", "12345678 9\n", "4294967295,\t0\r\n", "\n"}) {
      std::string text;
      while (text.size() < size) text += line;
      text.resize(size);
      for (char* const at : {pages, pages + page - size}) {
        std::memcpy(at, text.data(), size);
        for (const Scan scan : SupportedScans()) {
          EXPECT_EQ(ScanInParts(scan, {at, size}, {}), ScanInParts(ScanPortable, text, {}));
        }
      }
    }
  }
  munmap(memory, 3 * page);
}

}  // namespace
}  // namespace clustr::mine
