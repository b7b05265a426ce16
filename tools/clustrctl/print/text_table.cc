#include "tools/clustrctl/print/text_table.h"

#include <algorithm>

#include "common/importing/utf8.h"

namespace clustr::ctl {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kLeastWidth = 8;  // A shorter beginning of a text says nothing.

std::string Cut(const std::string& cell, size_t max_width) {
  if (importing::CountCodePoints(cell) <= max_width) return cell;
  return std::string(importing::FirstCodePoints(cell, max_width - 1)) + "…";
}

}  // namespace

void TextTable::Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

std::vector<size_t> TextTable::Widths(size_t width) const {
  std::vector<size_t> widths;
  size_t total = kGap * (columns_.size() - 1);
  for (size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(importing::CountCodePoints(columns_[i].title));
    for (const auto& row : rows_) {
      widths[i] = std::max(widths[i], importing::CountCodePoints(row[i]));
    }
    total += widths[i];
  }
  while (width > 0 && total > width) {
    size_t widest = columns_.size();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const size_t least = std::max(kLeastWidth, importing::CountCodePoints(columns_[i].title));
      const bool gives = columns_[i].align == Align::kLeft && widths[i] > least;
      if (gives && (widest == columns_.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == columns_.size()) break;
    --widths[widest];
    --total;
  }
  return widths;
}

void TextTable::Print(std::ostream& out, size_t width) const {
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  const std::vector<size_t> widths = Widths(width);
  const auto print_row = [&](const std::vector<std::string>& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string cell = Cut(row[i], widths[i]);
      const std::string padding(widths[i] - importing::CountCodePoints(cell), ' ');
      const bool left = columns_[i].align == Align::kLeft;
      const bool last = i + 1 == row.size();
      out << (i == 0 ? "" : std::string(kGap, ' ')) << (left ? "" : padding) << cell
          << (left && !last ? padding : "");
    }
    out << '\n';
  };
  print_row(titles);
  for (const auto& row : rows_) print_row(row);
}

}  // namespace clustr::ctl
