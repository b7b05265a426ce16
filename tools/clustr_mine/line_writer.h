#ifndef CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/rules/rule_splitter.h"

namespace clustr::mine {

// The format of the results.
enum class Format {
  kText,  // `item item (count)`; `a a => c c (count_ab count_a count_b)`.
  kJson,  // One object per line.
};

// Writes results to a file descriptor, in blocks. Not thread-safe.
class LineWriter {
 public:
  // `names` are the numbers to write for the items; `labels`, unless it is empty, the texts to
  // write instead. In text, a label with blanks or quotes is quoted. Writes nothing if `file` is
  // negative.
  LineWriter(int file, Format format, const std::vector<uint32_t>& names,
             const std::vector<std::string>& labels = {});

  void Write(absl::Span<const mining::Item> items, int64_t count);
  void Write(const mining::FoundRule& rule);
  // Writes what is buffered. False if any write has failed: error() is then its errno, and all
  // later output is dropped.
  bool Flush();

  // True once a write has failed, so that a search can end early.
  const std::atomic<bool>& failed() const { return failed_; }
  int error() const { return error_; }
  double seconds() const { return seconds_; }  // Time spent in write(2).

 private:
  // A short text, copied with a fixed size whatever its own is.
  struct Piece {
    char text[15];
    uint8_t size;
  };
  // The text after the items of an itemset with this count.
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
  std::vector<Piece> names_;         // The name of each item, followed by a separator.
  std::vector<std::string> labels_;  // The same for labels; empty if there are none.
  size_t item_bytes_;                // Maximum bytes of an item.
  std::vector<Tail> tails_;          // A cache, indexed by the lowest bits of the count.
  std::vector<char> block_;
  char* end_;   // End of the text in the block.
  char* full_;  // When `end_` reaches this, the block must be written.
  std::atomic<bool> failed_ = false;
  int error_ = 0;
  double seconds_ = 0;
};

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_
