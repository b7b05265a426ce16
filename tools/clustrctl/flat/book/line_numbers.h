#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_LINE_NUMBERS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_LINE_NUMBERS_H_

#include <cstdint>
#include <utility>
#include <vector>

namespace clustr::ctl {

// The lines of a file at which its rows begin. Uses memory only for rows that do not follow the row
// above on the next line. Not thread-safe while Add is called.
class LineNumbers {
 public:
  // Notes that the row with this number, which must rise, begins at that line.
  void Add(int64_t row, int64_t line);

  // The line at which a row begins; the row's number plus one if no such row was added.
  int64_t LineOf(int64_t row) const;

 private:
  // Rows from which on the line is that much greater than the row.
  std::vector<std::pair<int64_t, int64_t>> offsets_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_LINE_NUMBERS_H_
