#ifndef CLUSTR_SERVICES_BUNDLES_RULES_REFERENCE_SHOP_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_REFERENCE_SHOP_H_

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "services/bundles/index/population.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/mining/reference/reference_miner.h"

namespace clustr::rules {

// A second, simple copy of the shop that published rules are verified against: every basket and
// every customer is in a map, and a population is found by testing each basket. Shares no code with
// index/ or the rule miner, only their value types. A basket without products belongs to no
// population. Not thread-safe. Memory: about 100 bytes per basket and 8 per line.
class ReferenceShop {
 public:
  // Inserts or replaces a basket or customer. Removing one that does not exist has no effect.
  void PutBasket(const index::Basket& basket);
  void RemoveBasket(int64_t transaction_id);
  void PutCustomer(int64_t customer_id, index::Customer customer);
  void RemoveCustomer(int64_t customer_id);

  // Number of baskets of the population. O(baskets).
  int64_t basket_count(const index::Population& population) const;

  // All rules of the population, mined by the reference miner; sorted. `thresholds` must be valid.
  // The status of `wanted`, which is called from time to time, unless that is OK.
  absl::StatusOr<std::vector<mining::ReferenceRule>> Rules(
      const index::Population& population, const mining::Thresholds& thresholds,
      absl::FunctionRef<absl::Status()> wanted = [] { return absl::OkStatus(); }) const;

 private:
  struct Purchase {
    int64_t customer_id = 0;
    int32_t epoch_day = 0;
    int32_t channel = 0;        // Position in texts_.
    int32_t payment_type = 0;   // Position in texts_.
    std::vector<int64_t> skus;  // Ascending, distinct.
  };

  int32_t TextNumber(const std::string& text);
  bool Matches(const Purchase& purchase, const index::Population& population) const;
  bool MatchesCustomer(const index::Customer& customer, const index::Population& population) const;
  void ForEachMatch(const index::Population& population,
                    absl::FunctionRef<void(const Purchase&)> visit) const;

  std::unordered_map<int64_t, Purchase> purchases_;  // Keyed by transaction_id.
  std::unordered_map<int64_t, index::Customer> customers_;
  std::vector<std::string> texts_;  // The distinct channels and payment types.
  std::map<std::string, int32_t> text_numbers_;
};

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_REFERENCE_SHOP_H_
