#include "tools/clustrctl/generator/basket_maker.h"

#include <algorithm>

namespace clustr::generator {
namespace {

constexpr double kMaxLines = 1000;
constexpr double kProductAffinity = 5;
constexpr double kFamilyAffinity = 4;
constexpr uint32_t kFamilyPercent = 20;
constexpr uint32_t kMemberPercent = 85;
constexpr uint32_t kPromotionPercent = 12;
// After this many draws per line a basket stays smaller than planned: it found too few new
// products.
constexpr size_t kDrawsPerLine = 20;

// Weights of 1, 2, 3, ... lines: one plus a negative binomial with two failures, for its long tail.
std::vector<double> SizeWeights(double mean, size_t products) {
  const double q = (mean - 1) / (mean + 1);
  const double max_lines = std::min({kMaxLines, 20 * mean, static_cast<double>(products)});
  std::vector<double> weights;
  double power = 1;
  for (size_t extra = 0; extra < std::max(max_lines, 1.0); ++extra) {
    weights.push_back((extra + 1) * power);
    power *= q;
  }
  return weights;
}

}  // namespace

BasketMaker::BasketMaker(const Assortment& shop, double mean_lines)
    : shop_(shop),
      size_(SizeWeights(mean_lines, shop.products.size())),
      last_basket_(shop.products.size()) {
  for (uint32_t preference = 0; preference < kPreferences.size(); ++preference) {
    std::vector<double> weights = shop.popularity;
    for (size_t i = 0; i < weights.size(); ++i) {
      if (shop.preference_of[i] == preference) weights[i] *= kProductAffinity;
    }
    products_.emplace_back(weights);
    if (shop.families.empty()) continue;
    weights = ZipfWeights(shop.families.size(), 5);
    for (size_t i = 0; i < weights.size(); ++i) {
      if (shop.families[i].preference == preference) weights[i] *= kFamilyAffinity;
    }
    families_.emplace_back(weights);
  }
}

void BasketMaker::Draw(const Shopper& shopper, Random& random, std::vector<BasketLine>* lines) {
  lines->clear();
  ++basket_;
  const size_t size = size_.Draw(random) + 1;
  for (size_t draws = 0; lines->size() < size && draws < size * kDrawsPerLine; ++draws) {
    const bool family = !families_.empty() && size - lines->size() >= 2 &&
                        random.Chance(kFamilyPercent);
    if (!family) {
      AddLine(products_[shopper.preference].Draw(random), random, lines);
      continue;
    }
    for (uint32_t product : shop_.families[families_[shopper.preference].Draw(random)].products) {
      if (lines->size() < size && random.Chance(kMemberPercent)) AddLine(product, random, lines);
    }
  }
}

void BasketMaker::AddLine(uint32_t product, Random& random, std::vector<BasketLine>* lines) {
  if (last_basket_[product] == basket_) return;
  last_basket_[product] = basket_;
  BasketLine line{.product = product};
  const uint32_t many = random.Below(100);
  line.quantity = many < 80 ? 1 : many < 94 ? 2 : many < 98 ? 3 : 4 + many % 2 * 2;
  const int64_t price = shop_.price_cents[product];
  const int64_t discount = random.Chance(kPromotionPercent) ? random.Between(1, 3) * 10 : 0;
  line.unit_price_cents = (price * (100 - discount) + 50) / 100;
  lines->push_back(line);
}

}  // namespace clustr::generator
