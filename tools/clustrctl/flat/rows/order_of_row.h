#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ORDER_OF_ROW_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ORDER_OF_ROW_H_

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "tools/clustrctl/flat/rows/file_row.h"

namespace clustr::ctl {

// Finds the order to which each row belongs: by its number, a key of several columns, the row
// above, or the original order that it takes back. Not thread-safe; borrows its arguments.
class OrderOfRow {
 public:
  explicit OrderOfRow(const RowContext* in)
      : in_(*in), key_parts_(RoleField(Role::kOrder), CodeBook::Kind::kCode) {}

  // Sets the original order that a row takes back, if it names one. Call it before Read.
  void ReadOriginal(FileRow* row);

  // Sets the order of a row; refuses the row and returns false if it has none.
  bool Read(FileRow* row);

  // Whether a row without an order number is of the order above it; refuses it if it has a customer
  // or day of its own that says otherwise. A return may have both.
  bool CheckContinued(FileRow* row);

  // Makes a row that names the order which it takes back a return, or notes that it is none.
  void CheckOriginal(FileRow* row);

  // Tells of a row that cannot be read, with the cells as far as they are known. Rows that may
  // belong to its order and that lack a customer are held back.
  void Lose(absl::Span<const std::string_view> cells);

 private:
  bool ReadKey(FileRow* row);

  const RowContext& in_;
  CodeBook key_parts_;
  uint32_t last_order_ = CodeBook::kNone;
  bool lost_order_ = false;  // The row above could not be read, nor its order number.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ORDER_OF_ROW_H_
