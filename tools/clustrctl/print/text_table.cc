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

size_t TextTable::FullWidth(size_t column) const {
  size_t width = importing::CountCodePoints(columns_[column].title);
  for (const auto& row : rows_) width = std::max(width, importing::CountCodePoints(row[column]));
  return width;
}

size_t TextTable::LeastWidth(size_t column, size_t full_width) const {
  if (columns_[column].align == Align::kRight) return full_width;
  const size_t title = importing::CountCodePoints(columns_[column].title);
  return std::min(full_width, std::max(kLeastWidth, title));
}

std::vector<size_t> TextTable::ColumnsWithoutRoom(size_t width,
                                                  const std::vector<size_t>& may_go) const {
  std::vector<size_t> gone;
  if (width == 0) return gone;
  std::vector<size_t> least;
  size_t total = kGap * (columns_.size() - 1);
  for (size_t i = 0; i < columns_.size(); ++i) {
    least.push_back(LeastWidth(i, FullWidth(i)));
    total += least[i];
  }
  for (const size_t column : may_go) {
    if (total <= width) break;
    total -= least[column] + kGap;
    gone.push_back(column);
  }
  std::sort(gone.begin(), gone.end());
  return gone;
}

std::vector<size_t> TextTable::Widths(size_t width) const {
  std::vector<size_t> widths;
  size_t total = kGap * (columns_.size() - 1);
  for (size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(FullWidth(i));
    total += widths[i];
  }
  while (width > 0 && total > width) {
    size_t widest = columns_.size();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const bool gives = columns_[i].align == Align::kLeft && widths[i] > LeastWidth(i, widths[i]);
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
