#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_TAKER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_TAKER_H_

#include "tools/clustrctl/flat/kinds/guest_words.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"
#include "tools/clustrctl/flat/rows/file_row.h"

namespace clustr::ctl {

// Adds what good rows say to the order book: lines of orders, returns, and what they tell of
// products and customers. Not thread-safe; borrows its argument.
class RowTaker {
 public:
  explicit RowTaker(const RowContext* in)
      : in_(*in),
        tills_(RoleField(Role::kOrder), CodeBook::Kind::kCode),
        till_column_(TillColumn(in->columns)),
        customer_name_column_(CustomerNameColumn(in->columns)) {}

  void TakeLine(const FileRow& row);
  void TakeReturn(const FileRow& row);

 private:
  void TakeReturned(const FileRow& row);
  void CheckTill(const FileRow& row, FlatOrder* order);
  void TakeCustomerName(const FileRow& row);
  void TakeProduct(const FileRow& row);

  const RowContext& in_;
  CodeBook tills_;
  const int till_column_;           // -1 if none.
  const int customer_name_column_;  // -1 if none.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_TAKER_H_
