#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_TEXT_TABLE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_TEXT_TABLE_H_

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace clustr::ctl {

enum class Align { kLeft, kRight };

struct TableColumn {
  std::string title;
  Align align = Align::kRight;  // Texts stand on the left, numbers on the right.
};

// A human-readable table. Columns are two spaces apart and as wide, in code points, as their widest
// cell.
class TextTable {
 public:
  explicit TextTable(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // Which columns, of those that `may_go` lists in the order in which they go, are left out so that
  // the table fits into `width`, though each column of texts keeps at least eight letters and its
  // title. Ascending. None if `width` is 0.
  std::vector<size_t> ColumnsWithoutRoom(size_t width, const std::vector<size_t>& may_go) const;

  // Adds a row with one cell per column.
  void Add(std::vector<std::string> cells);

  // `width` is that of the terminal in characters; 0 if there is none. A table that is wider gives
  // up room in its columns of texts, the widest first, and cells that are cut end in an ellipsis.
  // Numbers are never cut, so a table with many columns may still be wider.
  void Print(std::ostream& out, size_t width) const;

 private:
  // The width of a column's widest cell or title, and the one that it keeps on any terminal.
  size_t FullWidth(size_t column) const;
  size_t LeastWidth(size_t column, size_t full_width) const;
  std::vector<size_t> Widths(size_t width) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_TEXT_TABLE_H_
