#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_BOOK_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_BOOK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tools/clustrctl/flat/file/code_book.h"
#include "tools/clustrctl/flat/file/columns.h"

namespace clustr::ctl {

// One line of an order, from the file, and where sales has stored it. 48 bytes.
struct FlatLine {
  int64_t price_cents = 0;
  int64_t sale_id = 0;     // 0 if not stored.
  int64_t revision = 0;    // Revision of the stored line.
  uint32_t row = 0;        // Row of the file, 1-based; 0 in OrderBook::earlier.
  uint32_t product = 0;    // Index into OrderBook::products.
  int32_t quantity = 0;    // At least 1.
  int32_t registered = 0;  // Units that are stored as returned.
  int32_t claimed = 0;     // Units that the returns of the file account for.
};

// One order. All its rows have the same customer and day.
struct FlatOrder {
  uint32_t customer = CodeBook::kNone;  // Index into OrderBook::customers; kNone if not given.
  int32_t day = 0;                      // Days since 1970-01-01.
  bool has_day = false;
  uint32_t channel = CodeBook::kNone;
  uint32_t payment_type = CodeBook::kNone;
  std::vector<FlatLine> lines;  // In the order of the file; empty if all its rows are returns.
  // Where the order is stored; all 0 if it is not.
  int64_t transaction_id = 0;
  int64_t revision = 0;
  int64_t amount_cents = 0;
  int64_t lines_total_cents = 0;
  std::string problem;  // Why all its rows are refused, with the remedy; usually empty.
};

// A row with returned units.
struct FlatReturn {
  int64_t price_cents = 0;
  uint32_t row = 0;
  uint32_t order = 0;
  uint32_t product = 0;
  int32_t quantity = 0;  // At least 1.
};

// A product as its purchased lines describe it; returns are ignored.
struct FlatProduct {
  // Numbers in OrderBook::names, each with the number of rows that have it.
  std::vector<std::pair<uint32_t, int64_t>> names;
  int64_t price_cents = 0;  // The latest price above 0.
  int32_t price_day = INT32_MIN;
  uint32_t category = CodeBook::kNone;  // The last in the file.
  uint32_t brand = CodeBook::kNone;
  uint32_t first_row = 0;  // 0 if it was never purchased.
  int64_t sku = 0;         // 0 if unknown.
  std::string problem;     // Why catalog refused it; usually empty.
};

// A customer as the purchased lines describe it; returns are ignored.
struct FlatCustomer {
  uint32_t city = CodeBook::kNone;  // The last in the file.
  uint32_t first_row = 0;           // 0 if the customer purchased nothing.
  int64_t customer_id = 0;          // 0 if unknown.
  std::string problem;              // Why catalog refused it; usually empty.
};

// The content of a file of order lines. Orders, products and customers are indexed by the numbers
// of their codes. Memory: 48 bytes per line, 32 per return, about 250 per order, product or
// customer.
struct OrderBook {
  CodeBook order_codes{RoleField(Role::kOrder)};
  CodeBook product_codes{RoleField(Role::kProduct)};
  CodeBook customer_codes{RoleField(Role::kCustomer)};
  CodeBook names{RoleField(Role::kDescription)};
  CodeBook cities{RoleField(Role::kCity)};
  CodeBook categories{RoleField(Role::kCategory)};
  CodeBook brands{RoleField(Role::kBrand)};
  CodeBook channels{RoleField(Role::kChannel)};
  CodeBook payment_types{RoleField(Role::kPaymentType)};

  std::vector<FlatOrder> orders;
  std::vector<FlatProduct> products;
  std::vector<FlatCustomer> customers;
  std::vector<FlatReturn> returns;   // In the order of the file.
  std::vector<FlatOrder> earlier;    // Other stored orders, with lines that may have been returned.
  uint32_t guest = CodeBook::kNone;  // Index of the customer for orders that name none.
  int64_t rows = 0;                  // Rows of the file, including bad ones.

  // The name that most rows give a product, the first of equally frequent ones; its code if no row
  // gives a name.
  const std::string& NameOf(uint32_t product) const;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_BOOK_H_
