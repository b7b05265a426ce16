#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_BASKET_MAKER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_BASKET_MAKER_H_

#include <cstdint>
#include <vector>

#include "tools/clustrctl/generator/assortment.h"
#include "tools/clustrctl/generator/clientele.h"
#include "tools/clustrctl/generator/random.h"

namespace clustr::generator {

// One line of a basket.
struct BasketLine {
  uint32_t product = 0;  // Index into Assortment::products.
  int32_t quantity = 1;
  int64_t unit_price_cents = 0;
};

// Fills baskets. Their sizes have a given mean and a long tail. About a third of the products come
// in families, the others one by one by popularity; both depend on the shopper's preference.
// Borrows the assortment, which must outlive this. Not thread-safe.
class BasketMaker {
 public:
  // `mean_lines` is at least 1 and at most half the number of products.
  BasketMaker(const Assortment& shop, double mean_lines);

  // Replaces `lines` with those of a new basket: at least one, with distinct products. O(lines).
  void Draw(const Shopper& shopper, Random& random, std::vector<BasketLine>* lines);
  // Adds a product to the basket that was drawn last, unless it was in it before.
  void AddLine(uint32_t product, Random& random, std::vector<BasketLine>* lines);

 private:
  const Assortment& shop_;
  Weighted size_;
  std::vector<Weighted> products_;     // Indexed by preference.
  std::vector<Weighted> families_;     // Indexed by preference; empty in a shop without families.
  std::vector<uint32_t> last_basket_;  // Indexed by product: the number of the last basket with it.
  uint32_t basket_ = 0;
};

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_BASKET_MAKER_H_
