#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_COMPARISON_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_COMPARISON_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/returns/book_returns.h"
#include "tools/clustrctl/flat/returns/stored_orders.h"
#include "tools/clustrctl/flat/send/catalog_import.h"

namespace clustr::ctl {

// How a file compares with what is stored.
struct StoredComparison {
  std::string why_not;    // Why it was not compared; empty if it was.
  int64_t fresh = 0;      // Orders that are not stored,
  int64_t unchanged = 0;  // stored as the file has them,
  int64_t changed = 0;    // stored, but not as the file has them, which the import would change,
  int64_t refused = 0;    // or refused for what is stored.
  StoredOrders stored;
  MatchedReturns returns;  // Rows of returns, matched as they would be.
};

// Compares the book with what is stored, as an import would, and changes nothing that is stored.
// Adds the rows that an import would refuse for what is stored to `refused`. If a service is not
// reached within a second, sets `why_not` instead.
absl::Status CompareWithStored(const Context& context, const FlatColumns& columns, bool replace,
                               bool new_returns, CatalogImport* catalog, OrderBook* book,
                               Refusals* refused, StoredComparison* comparison);

// Why baskets that are numbered by their rows must not be imported: others are stored under the
// same numbers. With the remedy; empty if all stored ones are those of the file. `file` is its
// name.
std::string WhyOtherBaskets(const std::string& file, const StoredOrders& stored);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_COMPARISON_H_
