#ifndef CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/rule_splitter.h"

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
  // Writes what is left. False if anything could not be written.
  bool Flush();

  double seconds() const { return seconds_; }  // That were spent in write(2).

 private:
  // A name and a blank behind it, ready to be copied whole.
  struct Name {
    char text[15];
    uint8_t size;
  };
  static constexpr size_t kBlock = size_t{1} << 16;

  void Reserve(size_t bytes);
  void Items(absl::Span<const mining::Item> items, char separator);
  void Number(int64_t number);
  void Text(std::string_view text);

  const int file_;
  const Format format_;
  std::vector<Name> texts_;  // By item.
  std::vector<char> block_;
  char* end_;  // Of what is in the block.
  bool failed_ = false;
  double seconds_ = 0;
};

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_LINE_WRITER_H_
