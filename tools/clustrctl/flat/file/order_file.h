#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_FILE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_FILE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"
#include "tools/clustrctl/flat/columns/baskets.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/layout.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/file/file_settings.h"
#include "tools/clustrctl/flat/file/survey.h"
#include "tools/clustrctl/flat/input/plain_file.h"
#include "tools/clustrctl/flat/input/record_scanner.h"
#include "tools/clustrctl/flat/kinds/item_parts.h"
#include "tools/clustrctl/flat/kinds/where_survey.h"
#include "tools/clustrctl/flat/rows/row_shapes.h"

namespace clustr::ctl {

// A file of order lines as shops export them. It is read twice: once to find out how its columns
// are written (Survey), once to take its rows (BookBuilder). Not thread-safe.
//
//   bytes ─▶ PlainFile (pipes, .zip) ─▶ TextInput (.gz, encodings) ─▶ RecordScanner (cells)
//         ─▶ Layout (separator, header row) ─▶ Survey (conventions) ─▶ BookBuilder (orders)
class OrderFile {
 public:
  // Called with the rows and bytes read after every 1,000 rows.
  using Progress = absl::FunctionRef<void(int64_t rows, int64_t bytes)>;

  // Opens a file, binds its columns and surveys its rows. FAILED_PRECONDITION, naming the file and
  // the remedy, if it cannot be read, is not a file of order lines, its columns do not fit, or
  // dates or numbers have two readings. INVALID_ARGUMENT if the encoding is unknown.
  static absl::StatusOr<std::unique_ptr<OrderFile>> Open(const std::string& path,
                                                         FileSettings settings);

  const FlatColumns& columns() const { return layout_.columns; }
  const Conventions& conventions() const { return conventions_; }
  const Survey& survey() const { return *survey_; }
  char separator() const { return layout_.separator; }
  // The encoding that the file was converted from; empty if it was read as it is.
  const std::string& encoding() const { return encoding_; }
  // The currency of the amounts, by the amounts or a column; empty if the file does not say.
  const std::string& currency() const { return currency_; }

  // Whether --where leaves no row.
  bool leaves_nothing() const { return where_->leaves_nothing(); }

  // What the user should know about the file and its columns: whole sentences.
  std::vector<std::string> Notes() const;

  // Reads all rows into `book`. A bad row is added to `refusals` and does not affect the others.
  // FAILED_PRECONDITION if the file cannot be read to its end.
  absl::Status Read(Progress progress, OrderBook* book, Refusals* refusals);

 private:
  OrderFile(std::string path, FileSettings settings, PlainFile file)
      : path_(std::move(path)), settings_(std::move(settings)), file_(std::move(file)) {}

  absl::Status FindColumns();
  absl::Status SurveyRows();
  absl::StatusOr<RecordScanner> StartScan();
  std::string WhyUnreadable(const RecordScanner& record) const;
  bool HasPrice(absl::Span<const std::string_view> cells) const;

  const std::string path_;
  const FileSettings settings_;
  PlainFile file_;
  Layout layout_;
  RowShapes shapes_{&layout_.columns};
  std::optional<Baskets> baskets_;  // Only for --baskets; then layout_ is of the rows per item.
  std::string encoding_;
  std::string currency_;
  RowFilter filter_;
  RowFilter form_filter_;    // For orders that never came about.
  RowFilter basket_filter_;  // For whole baskets.
  std::vector<PlacedCondition> returns_;
  std::unique_ptr<Survey> survey_;
  std::unique_ptr<WhereSurvey> where_;
  std::unique_ptr<ItemParts> parts_;
  Conventions conventions_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_FILE_H_
