#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_ORDER_BOOK_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_ORDER_BOOK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "tools/clustrctl/flat/book/code_book.h"
#include "tools/clustrctl/flat/book/line_numbers.h"
#include "tools/clustrctl/flat/book/notes.h"
#include "tools/clustrctl/flat/columns/roles.h"
#include "tools/clustrctl/flat/columns/row_filter.h"

namespace clustr::ctl {

// One line of an order, from the file, and where sales has stored it. 48 bytes.
struct FlatLine {
  int64_t price_cents = 0;   // Price of one unit.
  int64_t sale_id = 0;       // 0 if not stored.
  int64_t revision = 0;      // Revision of the stored line.
  uint32_t row = 0;          // Row of the file, 1-based; 0 in OrderBook::earlier.
  uint32_t product = 0;      // Index into OrderBook::products.
  int32_t quantity = 0;      // At least 1.
  int32_t total_offset = 0;  // Total of the line, less quantity * price, in cents.
  int32_t registered = 0;    // Units that are stored as returned.
  int32_t claimed = 0;       // Units that the returns of the file account for.
};

// A stored line that the file lacks as it is stored.
struct ObsoleteLine {
  int64_t sale_id = 0;
  int64_t product_sku = 0;
  int64_t total_cents = 0;
  int32_t quantity = 0;
  int32_t returned = 0;  // Units that are stored as returned.
};

// An order number with a `#` in front if it has none, and without it if it has one: shops write
// their numbers with it, and people who name them leave it out.
std::string WithOrWithoutHash(const std::string& code);

// A code as it is compared without regard to the case of its ASCII letters.
std::string FoldedCase(const std::string& code);

// One order. All its rows have the same customer and day.
struct FlatOrder {
  static constexpr int32_t kNoTime = INT32_MIN;

  uint32_t customer = CodeBook::kNone;  // Index into OrderBook::customers; kNone if not given.
  int32_t day = 0;                      // Days since 1970-01-01.
  bool has_day = false;
  bool day_is_firm = false;       // Whether a row that was not refused gives the day,
  bool customer_is_firm = false;  // and the customer.
  bool lost_customer = false;     // A row that could not be read may have named the customer.
  // What an earlier row said, kOpen if nothing: to --where, and about whether it came about.
  RowFilter::Verdict wanted = RowFilter::Verdict::kOpen;
  RowFilter::Verdict came_about = RowFilter::Verdict::kOpen;
  bool is_scattered = false;      // Its rows are far apart in the file.
  bool has_refused_rows = false;  // The file may say more about it than its lines do.
  bool has_cancelled_rows = false;  // All units of a row were cancelled.
  int32_t first_time = kNoTime;   // Earliest and latest time of its rows, in minutes since
  int32_t last_time = kNoTime;    // 1970-01-01; kNoTime if they have none.
  uint32_t channel = CodeBook::kNone;
  uint32_t payment_type = CodeBook::kNone;
  uint32_t till = CodeBook::kNone;  // What its first row says in a column such as `till`.
  std::vector<FlatLine> lines;      // In the order of the file; empty if all its rows are returns.
  // Only in OrderBook::earlier: the order of the file that has the same number; kNone if none has.
  uint32_t same_as = CodeBook::kNone;
  // Where the order is stored; all 0 if it is not.
  int64_t transaction_id = 0;
  int64_t revision = 0;
  bool amount_follows_lines = false;
  int64_t amount_cents = 0;
  int64_t lines_total_cents = 0;
  std::string problem;  // Why all its rows are refused, with the remedy; usually empty.
  // Where the file corrects what is stored: whether the stored customer or day differs;
  // whether no stored line may be removed, since a row was refused that may stand for it; and the
  // stored lines that a line of the file corrects, or that are removed.
  bool header_differs = false;
  bool keeps_lines = false;
  std::vector<ObsoleteLine> obsolete;
};

// A row with returned units. It has a day and a customer of its own, since goods come back later
// than they were bought, and also to others. 32 bytes.
struct FlatReturn {
  static constexpr int32_t kNoDay = INT32_MAX;

  int64_t price_cents = 0;
  uint32_t row = 0;
  uint32_t order = 0;
  uint32_t product = 0;
  uint32_t customer = CodeBook::kNone;
  int32_t quantity : 24 = 0;  // At least 1; 0 if money came back, but no goods.
  // Only price or total is below 0: goods came back only if a line had that price.
  bool is_by_amount : 1 = false;
  bool has_only_a_name : 1 = false;  // The name stands in for a product code that is missing.
  bool names_original : 1 = false;   // `order` is the purchase that the row takes back.
  bool is_of_line : 1 = false;       // The row is a purchase, and says how much of it came back.
  int32_t day = kNoDay;
};
static_assert(sizeof(FlatReturn) == 32);

// A product as its purchased lines describe it; returns are ignored.
struct FlatProduct {
  // Numbers in OrderBook::names, each with the number of rows that have it.
  std::vector<std::pair<uint32_t, int64_t>> names;
  int64_t price_cents = 0;        // The latest price above 0.
  int32_t price_day = INT32_MIN;  // Its day and row.
  uint32_t price_row = 0;
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
  std::string guest_name;           // A name of the guest that a row gives it beside its code;
  bool has_own_name = false;        // and whether a row gives it another name.
};

// The content of a file of order lines. Orders, products and customers are indexed by the numbers
// of their codes. Memory: 48 bytes per line, 32 per return, about 250 per order, product or
// customer.
struct OrderBook {
  CodeBook order_codes{RoleField(Role::kOrder), CodeBook::Kind::kCode};
  CodeBook product_codes{RoleField(Role::kProduct), CodeBook::Kind::kCode};
  CodeBook customer_codes{RoleField(Role::kCustomer), CodeBook::Kind::kCode};
  CodeBook names{RoleField(Role::kDescription), CodeBook::Kind::kName};
  CodeBook cities{RoleField(Role::kCity), CodeBook::Kind::kName};
  CodeBook categories{RoleField(Role::kCategory), CodeBook::Kind::kName};
  CodeBook brands{RoleField(Role::kBrand), CodeBook::Kind::kName};
  CodeBook channels{RoleField(Role::kChannel), CodeBook::Kind::kName};
  CodeBook payment_types{RoleField(Role::kPaymentType), CodeBook::Kind::kName};

  std::vector<FlatOrder> orders;
  std::vector<FlatProduct> products;
  std::vector<FlatCustomer> customers;
  std::vector<FlatReturn> returns;   // In the order of the file.
  std::vector<FlatOrder> earlier;    // Stored lines that the file lacks and that may come back.
  // By row: units that were taken off the quantity of its line, since they were cancelled.
  absl::flat_hash_map<uint32_t, int32_t> cancelled_units;
  uint32_t guest = CodeBook::kNone;  // Index of the customer for orders that name none.
  Notes notes;                       // What was understood otherwise than it is written.
  LineNumbers line_numbers;          // Where the rows stand in the file.
  std::vector<uint32_t> repeated_headers;  // Rows that are the header again.
  bool has_totals = false;                 // Whether the file gives totals of lines.
  bool orders_are_numbered = false;        // Whether orders are numbered by their rows.
  bool has_lost_rows = false;              // Whether a row was refused whose order is unknown.

  // The fate of the rows. Rows that became lines or returns are in `orders` and `returns`, refused
  // ones in Refusals, and all others here.
  int64_t rows = 0;          // All rows, except for blank ones.
  int64_t unwanted = 0;      // Rows that do not fit --where, or were never sold.
  int64_t header_rows = 0;   // Rows that name an order and no product.
  int64_t summary_rows = 0;  // Totals, footers and repeated headers.
  int64_t part_rows = 0;     // Rows whose units are those of another row.

  // Takes orders and returns of customers that stand for nobody in particular for those of no
  // customer, and notes it: their code is `guest` in any case or what tills call such customers, as
  // `Walk-in`; or all their names are, and their code says nothing, as `0`. A customer who has such
  // a name and a code of its own is only noted.
  void FoldGuests(const std::string& guest);

  int64_t skipped() const { return unwanted + header_rows + summary_rows + part_rows; }
  // Rows that are returns and nothing else.
  int64_t return_rows() const;

  // The name that most rows give a product, the first of equally frequent ones; its code if no row
  // gives a name.
  const std::string& NameOf(uint32_t product) const;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_ORDER_BOOK_H_
