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
  Align align = Align::kRight;
  size_t max_width = 48;  // Code points; longer cells end in an ellipsis.
};

// A human-readable table. Columns are two spaces apart and as wide, in code points, as their widest
// cell.
class TextTable {
 public:
  explicit TextTable(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // Adds a row with one cell per column.
  void Add(std::vector<std::string> cells);
  void Print(std::ostream& out) const;

 private:
  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_TEXT_TABLE_H_
