#include "tools/clustrctl/flat/book/line_numbers.h"

#include <algorithm>

namespace clustr::ctl {

void LineNumbers::Add(int64_t row, int64_t line) {
  const int64_t offset = line - row;
  if (offsets_.empty() || offsets_.back().second != offset) offsets_.emplace_back(row, offset);
}

int64_t LineNumbers::LineOf(int64_t row) const {
  const auto next = std::upper_bound(
      offsets_.begin(), offsets_.end(), row,
      [](int64_t row, const std::pair<int64_t, int64_t>& offset) { return row < offset.first; });
  return next == offsets_.begin() ? row + 1 : row + std::prev(next)->second;
}

}  // namespace clustr::ctl
