#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_FILE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_FILE_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/sales/v1/sale.pb.h"
#include "common/importing/csv_reader.h"
#include "tools/clustrctl/flat/file/columns.h"
#include "tools/clustrctl/flat/file/day_text.h"
#include "tools/clustrctl/flat/file/order_book.h"
#include "tools/clustrctl/flat/file/refusals.h"

namespace clustr::ctl {

// A CSV file of order lines as shops export them: one line per row, cells separated by commas,
// semicolons or tabs, columns as FlatColumns binds them. Not thread-safe.
class OrderFile {
 public:
  // Opens a plain or gzip file and binds its columns. Without `day_order`, dates must begin with
  // the year, or with the month if their column has the name of UCI Online Retail.
  // FAILED_PRECONDITION, naming the file, if it cannot be read or its columns do not fit.
  static absl::StatusOr<OrderFile> Open(const std::string& path, const ColumnNames& names,
                                        std::optional<DayOrder> day_order);

  const FlatColumns& columns() const { return columns_; }

  // Reads all rows into `book`. A bad row is added to `refusals` and does not affect the others.
  // Calls `progress` with the rows and bytes read after every 1,000 rows. FAILED_PRECONDITION if
  // the file cannot be read to its end.
  //
  // A row is bad if it is malformed CSV, if a cell breaks a rule of its field, if order, product,
  // quantity or price is empty, if the quantity is 0, or if its date or customer differs from that
  // of the order's earlier rows; an empty one is taken from them. A row with a negative quantity is
  // a return. A customer written `17850.0`, as spreadsheets write numbers, is 17850.
  absl::Status Read(absl::FunctionRef<void(int64_t rows, int64_t bytes)> progress, OrderBook* book,
                    Refusals* refusals);

 private:
  OrderFile(std::string path, importing::CsvReader reader, FlatColumns columns, DayOrder day_order)
      : path_(std::move(path)),
        reader_(std::move(reader)),
        columns_(std::move(columns)),
        day_order_(day_order) {}

  struct Row;
  void ReadRow(const importing::CsvRow& cells, OrderBook* book, Refusals* refusals);
  void Refuse(Role role, std::string description, Row* row) const;
  uint32_t ReadText(Role role, bool required, CodeBook* texts, Row* row) const;
  void ReadUnits(Row* row);
  void ReadDay(const OrderBook& book, Row* row) const;
  void CheckCustomer(const OrderBook& book, Row* row) const;
  static void Accept(const Row& row, OrderBook* book);

  std::string path_;
  importing::CsvReader reader_;
  FlatColumns columns_;
  DayOrder day_order_;
  sales::v1::Sale sale_;  // Scratch message to check quantity and price in.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_FILE_H_
