#include "tools/clustrctl/generator/patterns.h"

#include <algorithm>

namespace clustr::generator {
namespace {

constexpr uint32_t kOutOfSeasonPercent = 80;  // How often a product is left out then.
constexpr uint32_t kOtherTastePercent = 85;
constexpr uint32_t kInsteadPercent = 50;
constexpr uint32_t kSequelPercent = 70;
constexpr uint32_t kLoyalPercent = 30;      // Of the customers.
constexpr uint32_t kFavouritePercent = 40;  // How often a favourite is bought.
constexpr uint32_t kUserPercent = 30;       // Of the customers who use a refill.
constexpr uint32_t kUnplannedPercent = 95;  // How often others leave out a refill.
constexpr size_t kMaxFollowing = 8;

bool IsInSeason(int month, int of) {
  const int distance = std::abs(month - of);
  return std::min(distance, 12 - distance) <= 1;
}

}  // namespace

Truth MakeTruth(const Assortment& shop, uint32_t customers, int64_t days, Random& random) {
  const auto count = static_cast<uint32_t>(shop.products.size());
  std::vector<uint32_t> free;  // Products of no family, in random order.
  {
    std::vector<uint8_t> taken(count);
    for (const Family& family : shop.families) {
      for (const uint32_t product : family.products) taken[product] = 1;
    }
    for (const uint32_t product : Permutation(count, random)) {
      if (!taken[product]) free.push_back(product);
    }
  }
  const auto take = [&] {
    const uint32_t product = free.back();
    free.pop_back();
    return product;
  };
  Truth truth;
  const uint32_t unit = count / static_cast<uint32_t>(kLeastPatternProducts);
  for (uint32_t i = 0; i < unit; ++i) {
    truth.seasons.push_back({take(), static_cast<int>(random.Between(1, 12))});
    truth.seasons.push_back({take(), static_cast<int>(random.Between(1, 12))});
    truth.refills.push_back({take(), static_cast<int32_t>(random.Between(14, 45))});
    truth.refills.push_back({take(), static_cast<int32_t>(random.Between(14, 45))});
    truth.tastes.push_back({take(), true});
    truth.tastes.push_back({take(), false});
    truth.launches.push_back({take(), static_cast<int32_t>(days * 9 / 10)});
    // The first families sell most.
    truth.substitutes.push_back({shop.families[2 * i].products[0], take()});
    truth.sequels.push_back({shop.families[2 * i + 1].products[0], take(),
                             static_cast<int32_t>(random.Between(3, 10))});
  }
  const Weighted popular(shop.popularity);
  for (uint32_t customer = 0; customer < customers; ++customer) {
    if (!random.Chance(kLoyalPercent)) continue;
    truth.loyalties.push_back({customer, {popular.Draw(random), popular.Draw(random)}});
  }
  return truth;
}

PatternedBaskets::PatternedBaskets(const Truth& truth, const Assortment& shop, uint32_t customers,
                                   Random& random)
    : truth_(truth),
      roles_(shop.products.size()),
      refill_of_(customers, -1),
      refill_due_(customers),
      loyalty_of_(customers, -1) {
  for (const Truth::Season& season : truth.seasons) roles_[season.product].month = season.month;
  for (const Truth::Refill& refill : truth.refills) roles_[refill.product].refilled = true;
  for (const Truth::Launch& launch : truth.launches) roles_[launch.product].launch = launch.day;
  for (const Truth::Taste& taste : truth.tastes) roles_[taste.product].taste = taste.women ? 1 : 2;
  for (const Truth::Substitutes& pair : truth.substitutes) roles_[pair.first].instead = pair.second;
  for (size_t i = 0; i < truth.sequels.size(); ++i) {
    roles_[truth.sequels[i].first].sequel = static_cast<int64_t>(i);
  }
  for (size_t i = 0; i < truth.loyalties.size(); ++i) {
    loyalty_of_[truth.loyalties[i].customer] = static_cast<int32_t>(i);
  }
  for (int32_t& refill : refill_of_) {
    if (random.Chance(kUserPercent)) {
      refill = static_cast<int32_t>(random.Below(truth.refills.size()));
    }
  }
  const auto is_neutral = [](const Role& role) {
    return role.month == 0 && role.launch == 0 && role.taste == 0 && !role.refilled;
  };
  neutral_ = static_cast<uint32_t>(std::find_if(roles_.begin(), roles_.end(), is_neutral) -
                                   roles_.begin());
}

bool PatternedBaskets::Leaves(const Role& role, int32_t day, int month, const Shopper& shopper,
                              Random& random) const {
  if (day < role.launch) return true;
  if (role.month != 0 && !IsInSeason(month, role.month) && random.Chance(kOutOfSeasonPercent)) {
    return true;
  }
  if (role.refilled && random.Chance(kUnplannedPercent)) return true;
  const bool other_taste = role.taste != 0 && shopper.woman != (role.taste == 1);
  return other_taste && random.Chance(kOtherTastePercent);
}

void PatternedBaskets::Follow(int32_t day, int month, uint32_t customer, const Shopper& shopper,
                              Random& random, BasketMaker* maker, std::vector<BasketLine>* lines) {
  if (const int32_t loyalty = loyalty_of_[customer]; loyalty >= 0) {
    for (const uint32_t product : truth_.loyalties[static_cast<size_t>(loyalty)].products) {
      if (random.Chance(kFavouritePercent)) maker->AddLine(product, random, lines);
    }
  }
  if (const auto it = following_.find(customer); it != following_.end()) {
    std::erase_if(it->second, [&](const auto& next) {
      if (day < next.second) return false;
      if (random.Chance(kSequelPercent)) maker->AddLine(next.first, random, lines);
      return true;
    });
  }
  std::erase_if(*lines, [&](const BasketLine& line) {
    return Leaves(roles_[line.product], day, month, shopper, random);
  });
  if (const int32_t refill = refill_of_[customer]; refill >= 0 && day >= refill_due_[customer]) {
    const Truth::Refill& used = truth_.refills[static_cast<size_t>(refill)];
    maker->AddLine(used.product, random, lines);
    refill_due_[customer] = day + used.interval_days;
  }
  std::vector<uint32_t> instead;
  std::erase_if(*lines, [&](const BasketLine& line) {
    const int64_t other = roles_[line.product].instead;
    if (other < 0 || !random.Chance(kInsteadPercent)) return false;
    instead.push_back(static_cast<uint32_t>(other));
    return true;
  });
  for (const uint32_t product : instead) maker->AddLine(product, random, lines);
  for (const BasketLine& line : *lines) {
    const int64_t sequel = roles_[line.product].sequel;
    if (sequel < 0) continue;
    const Truth::Sequel& next = truth_.sequels[static_cast<size_t>(sequel)];
    auto& waiting = following_[customer];
    if (waiting.size() < kMaxFollowing) waiting.emplace_back(next.second, day + next.gap_days);
  }
  if (lines->empty()) maker->AddLine(neutral_, random, lines);
}

}  // namespace clustr::generator
