#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_BOOK_BUILDER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_BOOK_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "clustr/common/v1/import.pb.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/file/order_book.h"
#include "tools/clustrctl/flat/file/refusals.h"
#include "tools/clustrctl/flat/file/row_units.h"
#include "tools/clustrctl/flat/file/survey.h"
#include "tools/clustrctl/flat/kinds/item_parts.h"
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

  // Reads one row. If it is refused, sets `error`.
  Fate Read(int64_t number, absl::Span<const std::string_view> cells, common::v1::RowError* error);

  // Tells of a row that cannot be read, with the cells as far as they are known. Rows that may
  // belong to its order and that lack a customer are held back.
  void Lose(absl::Span<const std::string_view> cells);

  // Call once after the last row: refuses the rows of orders without a day or with a lost customer,
  // and completes products and customers.
  void Finish(Refusals* refusals);

  const std::string& currency() const { return units_.currency(); }

 private:
  struct Row;

  void Refuse(Role role, std::string description, Row* row) const;
  std::string_view Cell(Role role, const Row& row) const;
  bool ReadOrder(Row* row);
  bool ReadOrderKey(Row* row);
  void ReadOriginal(Row* row);
  void CheckOriginal(Row* row);
  bool HasPrice(const Row& row) const;
  bool Counts(const Row& row);
  static bool Fits(const RowFilter& filter, const Row& row, RowFilter::Verdict* earlier);
  bool IsHeaderOfOrder(const Row& row) const;
  uint32_t ReadText(Role role, CodeBook* texts, Row* row);
  void ReadProduct(Row* row);
  void ReadMoment(Row* row);
  void ReadTime(Row* row);
  bool IsNearOrder(const Row& row) const;
  bool CheckContinued(Row* row);
  void CheckDay(Row* row);
  void CheckCustomer(Row* row);
  void TakeCustomerName(const Row& row);
  void TakeHeader(const Row& row, bool is_firm);
  void TakeTime(const Row& row);
  void TakeReturn(const Row& row);
  void TakeReturned(const Row& row);
  bool IsReturnByKind(const Row& row) const;
  bool IsNoSale(const Row& row) const;
  void CheckTill(const Row& row, FlatOrder* order);
  void TakeLine(const Row& row);
  void TakeProduct(const Row& row);

  const FlatColumns& columns_;
  const RowFilter& filter_;
  const RowFilter& form_filter_;
  const Conventions conventions_;
  ItemParts& parts_;
  OrderBook& book_;
  DayReader days_;
  UnitsReader units_;
  CodeBook key_parts_;
  const int till_column_;           // -1 if none.
  const int customer_name_column_;  // -1 if none.
  uint32_t last_order_ = CodeBook::kNone;
  bool lost_order_ = false;  // The row above could not be read, nor its order number.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_BOOK_BUILDER_H_
