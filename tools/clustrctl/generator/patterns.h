#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_PATTERNS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_PATTERNS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "tools/clustrctl/generator/assortment.h"
#include "tools/clustrctl/generator/basket_maker.h"
#include "tools/clustrctl/generator/clientele.h"
#include "tools/clustrctl/generator/random.h"

namespace clustr::generator {

// What is true of a shop beyond its families: what a good recommendation should find. Products are
// indices into Assortment::products, customers are counted from 0, days from 0. No product has two
// roles, except that a member of a family may have a substitute or a sequel.
struct Truth {
  struct Season {  // Sold in this month and its neighbours; seldom in others.
    uint32_t product;
    int month;  // 1 to 12.
  };
  struct Refill {  // Its users buy it again at the first visit after the interval, others seldom.
    uint32_t product;
    int32_t interval_days;
  };
  struct Substitutes {  // Half of those who would buy the first one buy the second one instead.
    uint32_t first;
    uint32_t second;
  };
  struct Sequel {  // Most who buy the first one buy the second one at their first visit after the
                   // gap.
    uint32_t first;
    uint32_t second;
    int32_t gap_days;
  };
  struct Launch {  // Not sold before this day.
    uint32_t product;
    int32_t day;
  };
  struct Taste {  // Bought by women, or by men, and seldom by others.
    uint32_t product;
    bool women;
  };
  struct Loyalty {  // The customer often buys these.
    uint32_t customer;
    std::vector<uint32_t> products;
  };

  std::vector<Season> seasons;
  std::vector<Refill> refills;
  std::vector<Substitutes> substitutes;
  std::vector<Sequel> sequels;
  std::vector<Launch> launches;
  std::vector<Taste> tastes;
  std::vector<Loyalty> loyalties;  // Of three customers in ten.
};

// The least number of products that patterns can be planted among.
inline constexpr int64_t kLeastPatternProducts = 40;

// Plants patterns among at least kLeastPatternProducts products.
Truth MakeTruth(const Assortment& shop, uint32_t customers, int64_t days, Random& random);

// The truth, and the families, as JSON with the ids of the CSV files.
std::string TruthJson(const Truth& truth, const Assortment& shop);

// Makes baskets follow the truth. Borrows its arguments. Not thread-safe. Memory grows with the
// customers.
class PatternedBaskets {
 public:
  PatternedBaskets(const Truth& truth, const Assortment& shop, uint32_t customers, Random& random);

  // Changes the basket that `maker` has just drawn for this customer. `day` counts from 0 and must
  // never fall. The basket keeps at least one line.
  void Follow(int32_t day, int month, uint32_t customer, const Shopper& shopper, Random& random,
              BasketMaker* maker, std::vector<BasketLine>* lines);

 private:
  struct Role {
    int month = 0;       // Of its season; 0: all year.
    int32_t launch = 0;  // Day.
    int taste = 0;       // 1: women, 2: men, 0: all.
    bool refilled = false;
    int64_t instead = -1;  // Its substitute, or -1.
    int64_t sequel = -1;   // Index into Truth::sequels, or -1.
  };
  bool Leaves(const Role& role, int32_t day, int month, const Shopper& shopper,
              Random& random) const;

  const Truth& truth_;
  std::vector<Role> roles_;          // By product.
  std::vector<int32_t> refill_of_;   // By customer: an index into Truth::refills, or -1.
  std::vector<int32_t> refill_due_;  // By customer: the day.
  std::vector<int32_t> loyalty_of_;  // By customer: an index into Truth::loyalties, or -1.
  uint32_t neutral_ = 0;             // A product without a role.
  // By customer: the products that follow, and the days from which on they do.
  absl::flat_hash_map<uint32_t, std::vector<std::pair<uint32_t, int32_t>>> following_;
};

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_PATTERNS_H_
