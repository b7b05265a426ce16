#include "tools/clustrctl/print/text_table.h"

#include <algorithm>

#include "common/importing/utf8.h"

namespace clustr::ctl {
namespace {

std::string Cut(const std::string& cell, size_t max_width) {
  if (importing::CountCodePoints(cell) <= max_width) return cell;
  return std::string(importing::FirstCodePoints(cell, max_width - 1)) + "…";
}

}  // namespace

void TextTable::Add(std::vector<std::string> cells) {
  for (size_t i = 0; i < cells.size(); ++i) cells[i] = Cut(cells[i], columns_[i].max_width);
  rows_.push_back(std::move(cells));
}

void TextTable::Print(std::ostream& out) const {
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(importing::CountCodePoints(titles[i]));
    for (const auto& row : rows_) {
      widths[i] = std::max(widths[i], importing::CountCodePoints(row[i]));
    }
  }
  const auto print_row = [&](const std::vector<std::string>& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - importing::CountCodePoints(row[i]), ' ');
      const bool left = columns_[i].align == Align::kLeft;
      const bool last = i + 1 == row.size();
      out << (i == 0 ? "" : "  ") << (left ? "" : padding) << row[i]
          << (left && !last ? padding : "");
    }
    out << '\n';
  };
  print_row(titles);
  for (const auto& row : rows_) print_row(row);
}

}  // namespace clustr::ctl
