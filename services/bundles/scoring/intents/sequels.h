#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_SEQUELS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_SEQUELS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/product_offers.h"

namespace clustr::scoring {

// What was bought after another product, the first one; see v1.ProductSequel.
struct Sequel {
  Item item = 0;
  int64_t after = 0;   // Number of buyers of the first product who bought this one after it.
  int64_t before = 0;  // Number of them who bought it before.
  double score = 0;    // (after - before) / buyers.
  double median_gap_days = 0;
};

// What the customers of a selection bought within some days after, and before, they bought one
// product. Customers whom catalog calls guests, and those with more than kMostBaskets baskets and
// kMostShare of those of the selection, are no persons and left out. Immutable and thread-safe;
// borrows its arguments.
class Sequels {
 public:
  static constexpr int64_t kMostBaskets = 100;
  static constexpr double kMostShare = 0.03;
  static constexpr int64_t kLeastCustomers = 2;  // Who bought a listed product after the first one.

  // One pass over the customers of all baskets; sorts and reads those of the buyers.
  Sequels(const index::Snapshot& snapshot, const index::Selection& selection, Item first,
          int32_t within_days);

  // Number of customers who bought the first product.
  int64_t buyers() const { return buyers_; }
  Sequel Of(Item item) const;
  // The products with a score above 0 that enough customers bought after it, and which may be
  // offered, best first: by score, then by `after`, then by SKU. Reads the buyers' baskets again.
  std::vector<Sequel> Best(const ProductOffers& offers, size_t limit) const;

 private:
  // A basket of a buyer.
  struct Purchase {
    uint32_t customer;
    int32_t day;
    index::Slot slot;
  };
  // One buyer bought `item` after the first product, or (gap 0) before it.
  using Event = absl::FunctionRef<void(Item item, int32_t gap_days)>;

  // Finds the purchases of the buyers.
  void ReadBuyers(const index::Selection& selection);
  // Reports, for each buyer, each item once for `after` and once for `before`.
  void ForEachEvent(Event event) const;
  Sequel Counted(Item item) const;
  void AddMedians(std::vector<Sequel>* sequels) const;

  const index::Snapshot& snapshot_;
  const Item first_;
  const int32_t within_days_;
  int64_t buyers_ = 0;
  std::vector<Purchase> purchases_;  // By customer, then by day.
  std::vector<uint32_t> after_;      // By Item.
  std::vector<uint32_t> before_;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_SEQUELS_H_
