#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_BOOK_RETURNS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_BOOK_RETURNS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "tools/clustrctl/flat/file/order_book.h"
#include "tools/clustrctl/flat/file/refusals.h"
#include "tools/clustrctl/flat/returns/return_matching.h"

namespace clustr::ctl {

// Which lines a return can be matched with: those of one product, and of one customer or, if its
// order names no customer, of that order.
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
  Refusals unmatched;
};

// Matches the returns of a book with stored lines of the same customer and product that were
// purchased on the day of the return or before; see MatchReturns. Not thread-safe; borrows all its
// arguments.
class BookReturns {
 public:
  BookReturns(const FlatColumns* columns, OrderBook* book);

  // Matches with the lines of the file only. Returns the keys of customers with unmatched returns.
  // A return whose order names no customer is never among them: only lines of its order can match.
  std::vector<ReturnKey> MatchInFile();

  // Matches the returns of these keys, as MatchInFile returned them, anew with the lines of the
  // file and of OrderBook::earlier. The keys do not depend on what is registered, so a second run
  // of the import gives the same result.
  void MatchWithEarlier(const std::vector<ReturnKey>& keys);

  // Counts the matched rows and explains each unmatched one.
  void Report(MatchedReturns* report) const;

 private:
  // Returns and lines of one key, with their days.
  struct Group {
    std::vector<std::pair<int32_t, const FlatReturn*>> returns;
    std::vector<std::pair<int32_t, FlatLine*>> lines;
    std::vector<ReturnOutcome> outcomes;  // One for each return.
  };

  ReturnKey KeyOf(const FlatOrder& order, uint32_t number, uint32_t product) const;
  static void Match(Group* group);

  const FlatColumns& columns_;
  OrderBook& book_;
  absl::flat_hash_map<ReturnKey, Group> groups_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_BOOK_RETURNS_H_
