#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_BOOK_BUILDER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_BOOK_BUILDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "clustr/common/v1/import.pb.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/kinds/item_parts.h"
#include "tools/clustrctl/flat/rows/conventions.h"
#include "tools/clustrctl/flat/rows/file_row.h"
#include "tools/clustrctl/flat/rows/order_of_row.h"
#include "tools/clustrctl/flat/rows/row_fate.h"
#include "tools/clustrctl/flat/rows/row_taker.h"
#include "tools/clustrctl/flat/rows/row_units.h"
#include "tools/clustrctl/flat/values/day_reading.h"

namespace clustr::ctl {

// Puts rows into an order book, or refuses them. A refused row affects no other row: its order
// keeps the good cells of its header (customer, day), and what depends on cells that could not be
// read is held back. Not thread-safe; borrows its arguments.
class BookBuilder {
 public:
  enum class Fate {
    kTaken,
    kRefused,
    kLost,  // Refused, and its order is unknown.
    kSkipped,
  };

  BookBuilder(const FlatColumns* columns, const RowFilter* filter, const RowFilter* form_filter,
              const DaySettings& days, const Conventions& conventions, ItemParts* parts,
              OrderBook* book);
  BookBuilder(const BookBuilder&) = delete;
  BookBuilder& operator=(const BookBuilder&) = delete;

  // Reads one row. If it is refused, sets `error`.
  Fate Read(int64_t number, absl::Span<const std::string_view> cells, common::v1::RowError* error);

  // Tells of a row that cannot be read, with the cells as far as they are known. Rows that may
  // belong to its order and that lack a customer are held back.
  void Lose(absl::Span<const std::string_view> cells) { orders_.Lose(cells); }

  // Call once after the last row: refuses the rows of orders without a day or with a lost customer,
  // and completes products and customers.
  void Finish(Refusals* refusals);

  const std::string& currency() const { return units_.currency(); }

 private:
  Fate Skip(FileRow* row);
  uint32_t ReadText(Role role, CodeBook* texts, FileRow* row);
  void ReadHeader(FileRow* row);
  void ReadProduct(FileRow* row);
  void ReadMoment(FileRow* row);
  void ReadTime(FileRow* row);
  Fate Refuse(bool has_order, FileRow* row);

  const FlatColumns& columns_;
  const Conventions conventions_;
  const RowContext in_;
  ItemParts& parts_;
  OrderBook& book_;
  const std::optional<int32_t> day_;  // Of all rows.
  DayReader days_;
  UnitsReader units_;
  OrderOfRow orders_;
  RowFate fate_;
  RowTaker taker_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_BOOK_BUILDER_H_
