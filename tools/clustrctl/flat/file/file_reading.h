#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_READING_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_READING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "clustr/common/v1/import.pb.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"
#include "tools/clustrctl/flat/columns/baskets.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/file/file_settings.h"
#include "tools/clustrctl/flat/input/record_scanner.h"
#include "tools/clustrctl/flat/kinds/item_parts.h"
#include "tools/clustrctl/flat/rows/book_builder.h"
#include "tools/clustrctl/flat/rows/conventions.h"
#include "tools/clustrctl/flat/rows/row_shapes.h"

namespace clustr::ctl {

// Why a record is too long to be read, with the remedy; empty if it is not.
std::string WhyOverlong(const RecordScanner& record);

// Takes the rows of a file one by one and refuses, skips or builds each. Refused rows at the end
// of the file may be its footer. Not thread-safe; borrows its arguments.
class FileReading {
 public:
  // What the file is read with. `shapes` and `separator` are of no use for baskets.
  struct Parts {
    const FlatColumns* columns;
    const RowFilter* filter;
    const RowFilter* form_filter;
    const FileSettings* settings;
    const Conventions* conventions;
    const RowShapes* shapes;
    char separator;
    ItemParts* item_parts;
  };

  FileReading(const Parts& parts, OrderBook* book, Refusals* refusals);

  void Take(const RecordScanner& record);

  // Takes a basket: each of its items is one row. A basket without items is skipped.
  void TakeBasket(const RecordScanner& record, Baskets* baskets, const RowFilter& filter);

  // Call once after the last row.
  void Finish();

  const std::string& currency() const { return builder_.currency(); }

 private:
  struct RefusedRow {
    common::v1::RowError error;
    bool is_lost = false;  // Its order is unknown.
  };

  void StartRow(const RecordScanner& record);
  size_t Width() const { return parts_.columns->header().size(); }
  std::string WhyUnreadable(const RecordScanner& record) const;
  std::string WhyCutOff(const RecordScanner& record) const;
  std::string WhyBelow(bool is_other_header) const;
  void Build(absl::Span<const std::string_view> cells);
  void SkipRow(int64_t row);
  void Flush();
  void Refuse(RefusedRow row);

  const Parts parts_;
  OrderBook& book_;
  Refusals& refusals_;
  BookBuilder builder_;
  std::vector<RefusedRow> footer_;
  bool footer_is_too_long_ = false;  // The rows above are more than a footer has, and so are none.
  bool has_short_rows_ = false;      // A row above has fewer cells than the header.
  int64_t other_header_row_ = 0;     // The header above if it is not that of the file; else 0.
  int64_t baskets_ = 0;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_READING_H_
