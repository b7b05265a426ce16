#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ITEM_LIST_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ITEM_LIST_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace clustr::ctl {

// Divides the cells of a column that lists the items of baskets: `tea; mug`, `tea x 2; mug x 1`,
// `['tea', 'mug']`, `frozenset({'tea', 'mug'})`, `{"tea": 2, "mug": 1}`. Not thread-safe.
class ItemList {
 public:
  struct Item {
    std::string_view name;
    std::string_view units;  // `1` if the list does not say.
  };

  // Finds out how some cells of a column are divided: by `separator` or, if it is empty, by the one
  // of comma, semicolon, bar and line break that they contain. FAILED_PRECONDITION, with the
  // remedy, if they contain several, or objects with several fields, as JSON has them.
  static absl::StatusOr<ItemList> Find(const std::string& column,
                                       absl::Span<const std::string> cells,
                                       const std::string& separator);

  // The items of a cell, valid until the next call and as long as the cell. Separators in quotes
  // belong to their item.
  absl::Span<const Item> Split(std::string_view cell);

  // What the user should know: empty, or a clause.
  const std::string& note() const { return note_; }

 private:
  // `tea x 2`, `2 x tea`, `2*tea`, `tea (2)`, `tea:2`, `tea=2`, `tea*2`.
  enum class Units { kNone, kBehind, kBefore, kBeforeStar, kBrackets, kColon, kEquals, kStar };

  void FindUnits(absl::Span<const std::string> cells);
  void Add(std::string_view item);
  static bool CutUnits(Units units, Item* item);
  static bool CutMarkedUnits(Units units, Item* item);

  std::string separator_ = ",";
  Units units_ = Units::kNone;
  std::string note_;
  std::vector<Item> items_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ITEM_LIST_H_
