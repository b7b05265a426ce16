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

// Whose lines a return can be matched with: those of a customer, or of one order that names none;
// and of which product.
struct ReturnKey {
  bool is_order = false;
  uint32_t owner = 0;
  uint32_t product = 0;

  bool operator==(const ReturnKey&) const = default;
  template <class H>
  friend H AbslHashValue(H state, const ReturnKey& key) {
    return H::combine(std::move(state), key.is_order, key.owner, key.product);
  }
};

// What became of the rows of returned units.
struct MatchedReturns {
  int64_t registered = 0;  // Matched, and units are to be registered.
  int64_t unchanged = 0;   // Matched with units that were registered before.
  Refusals unmatched;
};

// Matches the returns of a book with lines that are stored, of the same customer and product,
// bought on the day of the return or before: see MatchReturns. Not thread-safe; borrows all it is
// given.
class BookReturns {
 public:
  BookReturns(const FlatColumns* columns, OrderBook* book);

  // Matches with the lines of the file alone, and returns the keys of customers for which that does
  // not suffice. A return whose order names no customer has no other lines than those of its order.
  std::vector<ReturnKey> MatchInFile();

  // Matches the returns of these keys anew, with lines of OrderBook::earlier too. Which keys these
  // are does not depend on what is registered, so that a second run comes to the same.
  void MatchWithEarlier(const std::vector<ReturnKey>& keys);

  // Counts and tells of what was matched.
  void Tell(MatchedReturns* told) const;

 private:
  // Returns and lines of one key, with their days.
  struct Group {
    std::vector<std::pair<int32_t, const FlatReturn*>> returns;
    std::vector<std::pair<int32_t, FlatLine*>> lines;
    std::vector<ReturnOutcome> outcomes;  // Of the returns.
  };

  ReturnKey KeyOf(const FlatOrder& order, uint32_t number, uint32_t product) const;
  static void Match(Group* group);

  const FlatColumns& columns_;
  OrderBook& book_;
  absl::flat_hash_map<ReturnKey, Group> groups_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_BOOK_RETURNS_H_
