#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_BOOK_RETURNS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_BOOK_RETURNS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/returns/return_matching.h"

namespace clustr::ctl {

// Which lines a return can be matched with: those of one product and one customer, or of one
// product and one order.
struct ReturnKey {
  bool is_order = false;
  uint32_t owner = 0;  // Index into OrderBook::orders if `is_order`, else OrderBook::customers.
  uint32_t product = 0;

  bool operator==(const ReturnKey&) const = default;
  template <class H>
  friend H AbslHashValue(H state, const ReturnKey& key) {
    return H::combine(std::move(state), key.is_order, key.owner, key.product);
  }
};

// The result of matching the rows with returned units.
struct MatchedReturns {
  int64_t registered = 0;  // Rows that were matched and had units to register.
  int64_t unchanged = 0;   // Rows that were matched with units registered before.
  int64_t rows = 0;        // Rows among both that are nothing but returns.
  Refusals unmatched;
  Notes notes;  // What the user should know of returns that are registered.
};

// Matches the returns of a book with stored lines; see MatchReturns. A return with the number of an
// order that has a line of its product is matched with that order, whatever its day. Otherwise, or
// if the order has too few units left, it is matched with what its customer purchased on the same
// day or before. A return by its amount alone needs a line with that price. Not thread-safe;
// borrows all its arguments.
class BookReturns {
 public:
  // `all_new`: units that are registered as returned belong to other returns than those of the
  // file.
  BookReturns(const FlatColumns* columns, bool all_new, OrderBook* book);

  // Matches with orders, and then with the customers' lines of the file. Returns the keys of
  // customers with unmatched returns.
  std::vector<ReturnKey> MatchInFile();

  // Matches the returns of these keys, as MatchInFile returned them, anew with the lines of the
  // file and of OrderBook::earlier. The keys do not depend on what is registered, so a second run
  // of the import gives the same result.
  void MatchWithEarlier(const std::vector<ReturnKey>& keys);

  // Counts the matched rows and explains each unmatched one. With `replace`, notes lines of the
  // file that have more units registered than its returns account for.
  void Report(bool replace, MatchedReturns* report) const;

 private:
  struct Line {
    int32_t day = 0;
    FlatLine* line = nullptr;
    int64_t claimed_before = 0;  // Units that returns with the number of the order account for.
  };
  // Returns, as indices into OrderBook::returns, and lines of one key.
  struct Group {
    std::vector<size_t> returns;
    std::vector<Line> lines;
  };
  using Groups = absl::flat_hash_map<ReturnKey, Group>;

  bool HasCustomer(const FlatReturn& row) const;
  void KeepRegistered(std::vector<FlatOrder>* orders) const;
  void MatchWithOrders();
  static void AddLines(FlatOrder* order, bool is_order, uint32_t owner, Groups* groups);
  void Match(bool is_order, Group* group);
  bool IsDiscount(size_t number) const;
  std::string WhyUnmatched(size_t number) const;
  void NoteReturnsThatStay(Notes* notes) const;

  const FlatColumns& columns_;
  const bool all_new_;
  OrderBook& book_;
  Groups groups_;                        // By customer.
  std::vector<ReturnOutcome> outcomes_;  // One for each return.
  std::vector<bool> any_line_;           // Whether a return had any line to be matched with,
  std::vector<bool> other_price_;        // only lines with a price that is not its amount,
  std::vector<bool> known_;              // or units of another file that are registered already.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_BOOK_RETURNS_H_
