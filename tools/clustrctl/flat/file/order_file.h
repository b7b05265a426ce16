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

// A CSV file of order lines as shops export them: comma, semicolon or tab between the cells, one
// line a row, columns by FlatColumns. Not thread-safe.
class OrderFile {
 public:
  // Opens a plain or gzip file and binds its columns. Without `day_order` dates begin with the
  // year, or, in UCI Online Retail's own column, with the month. FAILED_PRECONDITION, naming the
  // file, if it cannot be read or its columns do not fit.
  static absl::StatusOr<OrderFile> Open(const std::string& path, const ColumnNames& names,
                                        std::optional<DayOrder> day_order);

  const FlatColumns& columns() const { return columns_; }

  // Reads all rows into `book`. A bad row is refused as a whole and the others land; `progress` is
  // called now and then with the rows and bytes done. FAILED_PRECONDITION if the file cannot be
  // read to its end.
  //
  // A row is bad if the CSV reader says so, if one of its cells breaks a rule of its field, if
  // order, product, quantity or price is empty, if the quantity is 0, or if its date or customer is
  // not that of the order's rows before; an empty one is theirs. A negative quantity is a return. A
  // customer written `17850.0`, as a number that went through a spreadsheet, is 17850.
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
  sales::v1::Sale sale_;  // What quantity and price are checked in.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_FILE_H_
