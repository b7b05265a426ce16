#include "tools/clustrctl/flat/kinds/item_parts.h"

#include <initializer_list>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

int PlaceOf(const FlatColumns& columns, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    for (const size_t place : columns.ignored()) {
      if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(columns.header()[place]), name)) {
        return static_cast<int>(place);
      }
    }
  }
  return -1;
}

bool IsOne(absl::string_view cell, std::initializer_list<const char*> words) {
  for (const char* word : words) {
    if (absl::EqualsIgnoreCase(cell, word)) return true;
  }
  return false;
}

}  // namespace

ItemParts::ItemParts(const FlatColumns* columns) : columns_(*columns) {
  parent_ = PlaceOf(*columns, {"parent_item_id", "parent item id", "parent_order_item_id"});
  item_ = PlaceOf(*columns, {"item_id", "item id", "order_item_id", "order item id"});
  type_ = PlaceOf(*columns, {"product_type", "product type"});
  if (item_ < 0) parent_ = -1;
}

// A cell without white space around; empty if it says nothing, as NULL and 0 do.
absl::string_view ItemParts::Cell(int place, absl::Span<const std::string_view> cells) const {
  if (place < 0 || static_cast<size_t>(place) >= cells.size()) return "";
  const std::string_view cell = WithoutEmptyFraction(Trimmed(cells[place]));
  if (IsEmptyCell(cell) || cell == "0") return "";
  return {cell.data(), cell.size()};
}

absl::string_view ItemParts::TextOf(Role role, absl::Span<const std::string_view> cells) const {
  const std::string_view text = Trimmed(columns_.Cell(cells, role));
  return {text.data(), text.size()};
}

void ItemParts::Survey(absl::Span<const std::string_view> cells, bool has_price) {
  if (parent_ < 0) return;
  const absl::string_view product = TextOf(Role::kProduct, cells);
  const absl::string_view item = Cell(item_, cells);
  if (!item.empty()) items_.emplace(item, product);
  const absl::string_view parent = Cell(parent_, cells);
  if (parent.empty() || !has_price) return;
  const auto whole = items_.find(parent);
  // A configurable product and its simple product have the same code, and may have both a price.
  const bool is_same = whole != items_.end() && whole->second == product;
  if (!is_same) priced_wholes_.emplace(parent);
}

bool ItemParts::IsPartOfRowAbove(absl::Span<const std::string_view> cells, bool has_price) {
  const absl::string_view type = Cell(type_, cells);
  const absl::string_view order = TextOf(Role::kOrder, cells);
  if (IsOne(type, {"configurable", "bundle"})) {
    whole_order_ = has_price ? std::string(order) : "";
    whole_is_bundle_ = IsOne(type, {"bundle"});
    return false;
  }
  const bool follows = !whole_order_.empty() && (order.empty() || order == whole_order_);
  const bool is_part = follows && IsOne(type, {"simple", "virtual"}) && !has_price;
  // A bundle has several parts.
  if (!is_part || !whole_is_bundle_) whole_order_.clear();
  return is_part;
}

bool ItemParts::IsCountedElsewhere(absl::Span<const std::string_view> cells, bool has_price) {
  if (parent_ < 0) return type_ >= 0 && IsPartOfRowAbove(cells, has_price);
  const absl::string_view item = Cell(item_, cells);
  if (!item.empty() && priced_wholes_.contains(item)) return true;
  const auto whole = items_.find(Cell(parent_, cells));
  if (whole == items_.end()) return false;
  if (priced_wholes_.contains(whole->first)) return false;
  return !has_price || whole->second == TextOf(Role::kProduct, cells);
}

}  // namespace clustr::ctl
