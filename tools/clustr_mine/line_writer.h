#ifndef CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/rules/rule_splitter.h"

namespace clustr::mine {

// How results are written.
enum class Format {
  kText,  // `item item (count)`; `a a => c c (count_ab count_a count_b)`.
  kJson,  // An object a line.
};

// Writes results to a file descriptor, a block at a time. Not thread-safe.
class LineWriter {
 public:
  // `names` by item. Writes nothing if `file` is negative.
  LineWriter(int file, Format format, const std::vector<uint32_t>& names);

  void Write(absl::Span<const mining::Item> items, int64_t count);
  void Write(const mining::FoundRule& rule);
  // Writes what is left. False if anything could not be written: then error() is the errno, and
  // what came after is dropped.
  bool Flush();

  // True from then on; for a search to end early.
  const std::atomic<bool>& failed() const { return failed_; }
  int error() const { return error_; }
  double seconds() const { return seconds_; }  // That were spent in write(2).

 private:
  // A short text, ready to be copied whole whatever its size.
  struct Piece {
    char text[15];
    uint8_t size;
  };
  // What comes behind the items of an itemset with this count.
  struct Tail {
    int64_t count;
    uint64_t size;
    char text[32];
  };
  static constexpr size_t kBlock = size_t{1} << 17;
  static constexpr size_t kTails = 256;

  void Reserve(size_t items);
  void MakeRoom(size_t bytes);
  void Items(absl::Span<const mining::Item> items);
  void Number(int64_t number);
  void Text(std::string_view text);
  void MakeTail(int64_t count, Tail& tail);

  const int file_;
  const Format format_;
  std::vector<Piece> names_;  // By item, each with a separator behind it.
  std::vector<Tail> tails_;   // That were needed last, by the lowest bits of the count.
  std::vector<char> block_;
  char* end_;   // Of what is in the block.
  char* full_;  // From here on the block is to be written.
  std::atomic<bool> failed_ = false;
  int error_ = 0;
  double seconds_ = 0;
};

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_
