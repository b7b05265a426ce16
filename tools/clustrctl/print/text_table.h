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

  // Adds a row with one cell per column.
  void Add(std::vector<std::string> cells);

  // `width` is that of the terminal in characters; 0 if there is none. A table that is wider gives
  // up room in its columns of texts, the widest first, and cells that are cut end in an ellipsis.
  // Numbers are never cut, so a table with many columns may still be wider.
  void Print(std::ostream& out, size_t width) const;

 private:
  std::vector<size_t> Widths(size_t width) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_TEXT_TABLE_H_
