#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_ITEM_PARTS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_ITEM_PARTS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/columns.h"

namespace clustr::ctl {

// Recognises rows that stand for the same units as another row: Magento writes what a customer
// chose twice, as the configurable product with its price and as the simple product that is in
// stock, without one; and a bundle with each of its parts. Which row is part of which is said by
// the columns `item_id` and `parent_item_id`, or by `product_type` and the order of the rows. Does
// nothing for files without these columns. Not thread-safe; borrows the columns.
class ItemParts {
 public:
  explicit ItemParts(const FlatColumns* columns);

  // Takes one row of the first pass. `has_price` says whether it has a price or total above 0.
  void Survey(absl::Span<const std::string_view> cells, bool has_price);

  // Whether the row is to be left out, since its units and money are those of other rows: a part
  // without a price, or of the same product; or a whole whose parts have prices of their own.
  // Call for each row of the second pass, in the order of the file.
  bool IsCountedElsewhere(absl::Span<const std::string_view> cells, bool has_price);

  // Whether rows of one order with the same product and quantity, one with a price and one without,
  // are one line, even if no column says so.
  bool pairs_are_one_line() const { return columns_.preset() == "Magento"; }

 private:
  absl::string_view Cell(int place, absl::Span<const std::string_view> cells) const;
  absl::string_view TextOf(Role role, absl::Span<const std::string_view> cells) const;
  bool IsPartOfRowAbove(absl::Span<const std::string_view> cells, bool has_price);

  const FlatColumns& columns_;
  int item_ = -1;  // Places of columns.
  int parent_ = -1;
  int type_ = -1;
  absl::flat_hash_map<std::string, std::string> items_;  // Their products, by item_id.
  absl::flat_hash_set<std::string> priced_wholes_;       // item_id whose parts have prices.
  std::string whole_order_;  // Of the last row that is a whole by its type; empty if none.
  bool whole_is_bundle_ = false;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_ITEM_PARTS_H_
