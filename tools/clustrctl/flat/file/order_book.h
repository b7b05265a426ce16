#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_BOOK_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_BOOK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tools/clustrctl/flat/file/code_book.h"
#include "tools/clustrctl/flat/file/columns.h"

namespace clustr::ctl {

// One line of an order: what the file says, and where it is stored. 48 bytes.
struct FlatLine {
  int64_t price_cents = 0;
  int64_t sale_id = 0;     // 0: not stored.
  int64_t revision = 0;    // Of the stored line.
  uint32_t row = 0;        // Of the file, 1-based; 0 in OrderBook::earlier.
  uint32_t product = 0;    // In OrderBook::products.
  int32_t quantity = 0;    // At least 1.
  int32_t registered = 0;  // Units of it that are stored as returned.
  int32_t claimed = 0;     // Units of it that the returns of the file account for.
};

// One order. All its rows have the same customer and day.
struct FlatOrder {
  uint32_t customer = CodeBook::kNone;  // In OrderBook::customers; kNone: the file names none.
  int32_t day = 0;                      // Since 1970-01-01.
  bool has_day = false;
  uint32_t channel = CodeBook::kNone;
  uint32_t payment_type = CodeBook::kNone;
  std::vector<FlatLine> lines;  // In the order of the file; empty if all its rows are returns.
  // Where it is stored; 0: not at all.
  int64_t transaction_id = 0;
  int64_t revision = 0;
  int64_t amount_cents = 0;
  int64_t lines_total_cents = 0;
  std::string problem;  // Why none of its rows can land, with the remedy; mostly empty.
};

// A row of units that came back.
struct FlatReturn {
  int64_t price_cents = 0;
  uint32_t row = 0;
  uint32_t order = 0;
  uint32_t product = 0;
  int32_t quantity = 0;  // At least 1.
};

// What the lines that were bought say of a product: what came back says nothing of it.
struct FlatProduct {
  std::vector<std::pair<uint32_t, int64_t>> names;  // In OrderBook::names, with rows.
  int64_t price_cents = 0;                          // The latest above 0.
  int32_t price_day = INT32_MIN;
  uint32_t category = CodeBook::kNone;  // The last in the file.
  uint32_t brand = CodeBook::kNone;
  uint32_t first_row = 0;  // 0: nothing was bought.
  int64_t sku = 0;         // 0: not known.
  std::string problem;     // Why catalog refused it; mostly empty.
};

// The same for a customer.
struct FlatCustomer {
  uint32_t city = CodeBook::kNone;  // The last in the file.
  uint32_t first_row = 0;           // 0: bought nothing.
  int64_t customer_id = 0;          // 0: not known.
  std::string problem;              // Why catalog refused it; mostly empty.
};

// A file of order lines, read: orders, products and customers by the numbers of their codes.
// Memory: 48 bytes a line, 32 a return, some 250 an order, product or customer.
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
  std::vector<FlatOrder> earlier;    // Stored orders of others, with lines that may have come back.
  uint32_t guest = CodeBook::kNone;  // In customers: whom orders without a customer belong to.
  int64_t rows = 0;                  // Of the file, bad ones included.

  // The name that most rows give a product, the first of equals; its code if none gives one.
  const std::string& NameOf(uint32_t product) const;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_ORDER_BOOK_H_
