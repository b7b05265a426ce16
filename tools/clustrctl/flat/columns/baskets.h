#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_BASKETS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_BASKETS_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/item_list.h"
#include "tools/clustrctl/flat/columns/row_filter.h"

namespace clustr::ctl {

// What the user says about a file of baskets; what is not said is found out.
struct BasketSettings {
  std::string day;                       // YYYY-MM-DD: the day of baskets without a date.
  std::optional<bool> cells_are_counts;  // Whether cells are counts of items, or items.
  std::string item_separator;            // Between the items of a list.
  std::string name;  // Numbers the baskets, with their rows; empty: the name of the file.
};

// A file in which each row is a basket: its items stand in several columns, in one column as a
// list, or as columns of their own whose cells say how many of them are in the basket. Divides each
// row into one row per item, with the columns of `Header()`. Not thread-safe.
class Baskets {
 public:
  // The columns of the rows per item: order, date, customer, product, quantity.
  static std::vector<std::string> Header();
  using Cells = std::array<std::string_view, 5>;

  // Finds the columns in the beginning of a file. The columns order, date, customer and product (a
  // list) are those of `names`, or have these names; that of the order may be called `receipt_id`,
  // `Invoice No` and the like. All others are items, unless a condition names
  // them, they have the name of another role or of a state, or they number the rows. Without any of
  // them the first row is a basket, too, unless it is seen to name columns. Baskets without an
  // order column are numbered by their row: `file:7`. FAILED_PRECONDITION, with the remedy, if
  // there is no date, neither in a column nor in `settings`, a named column is missing, or the
  // items have two readings.
  static absl::StatusOr<Baskets> Find(std::string_view head, const ColumnNames& names,
                                      absl::Span<const RowCondition> conditions,
                                      const BasketSettings& settings, const std::string& file);

  char separator() const { return separator_; }
  bool has_header() const { return !header_.empty(); }
  const std::vector<std::string>& header() const { return header_; }
  // Whether baskets are numbered by their rows.
  bool are_numbered() const { return places_[0] < 0; }
  // What the user should know: how the items are read, and which columns are not.
  std::vector<std::string> Notes() const;

  // What a column says that names the state of its basket: the cell by which the basket was
  // cancelled, paid back or never an order; empty if none says so.
  std::string StateAgainst(absl::Span<const std::string_view> cells) const;

  // Why the cells do not fit the header, with the remedy; empty if they do.
  std::string WhyTooWide(absl::Span<const std::string_view> cells) const;

  // The rows of one basket, the `row`th of the file, valid until the next call. Empty if it has no
  // items.
  absl::Span<const Cells> Split(absl::Span<const std::string_view> cells, int64_t row);

 private:
  absl::Status FindItems(absl::Span<const std::vector<std::string>> records,
                         absl::Span<const RowCondition> conditions, const BasketSettings& settings);
  void FindOrder(absl::Span<const std::vector<std::string>> records);
  void LookForNumbers(absl::Span<const std::vector<std::string>> records);
  void AddList(std::string_view cell, const Cells& basket);

  char separator_ = ',';
  std::vector<std::string> header_;               // Empty if the file has none.
  std::array<int, 4> places_ = {-1, -1, -1, -1};  // Of order, date, customer and product list.
  std::vector<size_t> items_;                     // Columns with items,
  std::vector<size_t> states_;                    // with the state of the basket,
  std::vector<size_t> ignored_;                   // and those without a meaning.
  bool are_counts_ = false;  // Whether the items are the columns, and their cells counts.
  std::string doubt_;        // That items may be numbers of orders; empty if they may not.
  ItemList list_;
  std::string day_;
  std::string file_;
  std::string number_;  // Of the basket that was split last.
  std::vector<Cells> rows_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_BASKETS_H_
