#ifndef CLUSTR_COMMON_STREAMING_INSPECTION_INSPECTION_H_
#define CLUSTR_COMMON_STREAMING_INSPECTION_INSPECTION_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "clustr/sales/v1/sales_stream_service.pb.h"

// Rows that no catalog and no sales sends: with ids, amounts and days that they cannot store, or
// lists that do not belong together. Pure functions of one change of a stream.
namespace clustr::streaming {

enum class RowKind { kUnknown, kPurchase, kProduct, kCustomer, kTimeframe };
inline constexpr size_t kRowKinds = 5;

// The row that a change is about.
struct RowId {
  RowKind kind = RowKind::kUnknown;
  int64_t id = 0;

  auto operator<=>(const RowId&) const = default;
};

RowId RowOf(const sales::v1::BasketChange& change);
RowId RowOf(const catalog::v1::CatalogChange& change);

// The row in words: `purchase 7`.
std::string NameOf(const RowId& row);

// What identifies no row in the change, with its field and value: an id that none can have, or no
// row at all; "" if it names its row. A row of a kind that is not known counts as named: newer
// versions may send it.
std::string WhyNameless(const sales::v1::BasketChange& change);
std::string WhyNameless(const catalog::v1::CatalogChange& change);

// What is wrong with the row by itself, of a change that names it, with its field and value, such
// as `quantity[0]: -1 is below 1`; "" if nothing is. O(lines), some nanoseconds a line.
std::string WhyWrong(const sales::v1::BasketChange& change);
std::string WhyWrong(const catalog::v1::CatalogChange& change);

// Makes of a change, whose row must have a known kind, the removal of that row.
void MakeRemoval(sales::v1::BasketChange* change);
void MakeRemoval(catalog::v1::CatalogChange* change);

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_INSPECTION_INSPECTION_H_
