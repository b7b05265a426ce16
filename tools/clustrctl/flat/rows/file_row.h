#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_FILE_ROW_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_FILE_ROW_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "clustr/common/v1/import.pb.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/rows/conventions.h"

namespace clustr::ctl {

// One row: its cells as numbers and amounts, and what is wrong with it.
struct FileRow {
  int64_t number;
  absl::Span<const std::string_view> cells;
  common::v1::RowError* error;
  uint32_t order = CodeBook::kNone;
  uint32_t original = CodeBook::kNone;  // The order that the row takes back.
  uint32_t product = CodeBook::kNone;
  uint32_t customer = CodeBook::kNone;
  bool customer_is_bad = false;
  bool has_only_a_name = false;
  bool is_continued = false;  // It has no order number, and may be of the order above.
  uint32_t name = CodeBook::kNone;
  uint32_t city = CodeBook::kNone;
  uint32_t category = CodeBook::kNone;
  uint32_t brand = CodeBook::kNone;
  uint32_t channel = CodeBook::kNone;
  uint32_t payment_type = CodeBook::kNone;
  Units units = {};
  Moment moment = {};
  bool has_moment = false;
};

// What all rows of a file are read with. Borrows everything.
struct RowContext {
  const FlatColumns& columns;
  const Conventions& conventions;
  OrderBook& book;

  std::string_view Cell(Role role, const FileRow& row) const {
    return columns.Cell(row.cells, role);
  }
  // Adds to the errors of the row what is wrong with the cell of a role, with the remedy.
  void Refuse(Role role, std::string description, FileRow* row) const;
};

// The entry with this number of a CodeBook in a vector that is indexed by it; grows the vector.
template <class Entry>
Entry& EntryAt(std::vector<Entry>* entries, uint32_t number) {
  if (number >= entries->size()) entries->resize(number + 1);
  return (*entries)[number];
}

// Keeps a number of a CodeBook, if there is one.
inline void TakeNumber(uint32_t given, uint32_t* kept) {
  if (given != CodeBook::kNone) *kept = given;
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_FILE_ROW_H_
