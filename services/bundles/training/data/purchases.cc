#include "services/bundles/training/data/purchases.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/container/flat_hash_map.h"

namespace clustr::training {
namespace {

constexpr uint64_t kMinGuestBaskets = 100;
constexpr double kMinGuestShare = 0.03;
constexpr double kMinGuestRatio = 20;
constexpr uint64_t kMostOfAPerson = 1'000;  // So a history has a bounded length, too.

std::vector<index::Slot> SlotsByDay(const index::Snapshot& snapshot) {
  std::vector<index::Slot> slots;
  slots.reserve(snapshot.basket_count());
  for (index::Slot slot = 0; slot < snapshot.slot_count(); ++slot) {
    if (snapshot.alive(slot)) slots.push_back(slot);
  }
  std::sort(slots.begin(), slots.end(), [&](index::Slot a, index::Slot b) {
    return std::make_tuple(snapshot.epoch_day(a), snapshot.transaction_id(a)) <
           std::make_tuple(snapshot.epoch_day(b), snapshot.transaction_id(b));
  });
  return slots;
}

// Sets `skus`, and returns the number of each Item that was bought.
std::vector<ProductNumber> NumberProducts(const index::Snapshot& snapshot,
                                          std::vector<int64_t>* skus) {
  std::vector<index::Item> items;
  for (index::Item item = 0; item < snapshot.item_count(); ++item) {
    if (snapshot.live_count(item) > 0) items.push_back(item);
  }
  std::sort(items.begin(), items.end(),
            [&](index::Item a, index::Item b) { return snapshot.sku_of(a) < snapshot.sku_of(b); });
  std::vector<ProductNumber> numbers(snapshot.item_count());
  for (ProductNumber number = 0; number < items.size(); ++number) {
    numbers[items[number]] = number;
    skus->push_back(snapshot.sku_of(items[number]));
  }
  return numbers;
}

}  // namespace

size_t Purchases::CountBefore(int32_t day) const {
  return std::lower_bound(days.begin(), days.end(), day) - days.begin();
}

Purchases ReadPurchases(const index::Snapshot& snapshot) {
  Purchases read;
  const std::vector<ProductNumber> numbers = NumberProducts(snapshot, &read.skus);
  absl::flat_hash_map<uint32_t, uint32_t> customers;
  read.products.reserve(snapshot.line_count());
  for (const index::Slot slot : SlotsByDay(snapshot)) {
    read.days.push_back(snapshot.epoch_day(slot));
    const uint32_t next = static_cast<uint32_t>(customers.size());
    read.customers.push_back(
        customers.try_emplace(snapshot.log().customers()[slot], next).first->second);
    for (const index::Item item : snapshot.items(slot)) read.products.push_back(numbers[item]);
    std::sort(read.products.begin() + static_cast<ptrdiff_t>(read.begins.back()),
              read.products.end());
    read.begins.push_back(read.products.size());
  }
  read.customer_count = static_cast<uint32_t>(customers.size());
  read.guests.resize(read.customer_count);
  for (const auto& [customer, number] : customers) {
    read.guests[number] = snapshot.customers()[customer].guest ? 1 : 0;
  }
  return read;
}

CustomerHistories::CustomerHistories(const Purchases& purchases, size_t end)
    : purchases_(purchases), end_(end), begins_(purchases.customer_count + 1), baskets_(end) {
  for (size_t i = 0; i < end; ++i) ++begins_[purchases.customers[i] + 1];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  std::vector<uint64_t> next(begins_.begin(), begins_.end() - 1);
  for (size_t i = 0; i < end; ++i) {
    baskets_[next[purchases.customers[i]]++] = static_cast<uint32_t>(i);
  }
}

size_t CustomerHistories::BasketCount(uint32_t customer) const {
  return begins_[customer + 1] - begins_[customer];
}

absl::Span<const uint32_t> CustomerHistories::Baskets(uint32_t customer) const {
  return absl::MakeConstSpan(baskets_).subspan(begins_[customer], BasketCount(customer));
}

std::vector<products::OwnProduct> CustomerHistories::Own(uint32_t customer, int32_t day,
                                                         double half_life_days) const {
  std::vector<products::OwnProduct> lines;
  for (uint64_t i = begins_[customer]; i < begins_[customer + 1]; ++i) {
    const uint32_t basket = baskets_[i];
    const float times = products::DecayOf(day - purchases_.days[basket], half_life_days);
    for (const ProductNumber product : purchases_.basket(basket)) {
      lines.push_back({product, times});
    }
  }
  return products::SumByProduct(std::move(lines));
}

std::vector<std::pair<ProductNumber, int32_t>> CustomerHistories::Bought(uint32_t customer) const {
  std::vector<std::pair<ProductNumber, int32_t>> bought;
  for (uint64_t i = begins_[customer]; i < begins_[customer + 1]; ++i) {
    const uint32_t basket = baskets_[i];
    for (const ProductNumber product : purchases_.basket(basket)) {
      bought.emplace_back(product, purchases_.days[basket]);
    }
  }
  std::sort(bought.begin(), bought.end());
  bought.erase(std::unique(bought.begin(), bought.end()), bought.end());
  return bought;
}

products::OwnHistory CustomerHistories::History(uint32_t customer, int32_t day) const {
  std::vector<std::pair<ProductNumber, int32_t>> lines;
  for (uint64_t i = begins_[customer]; i < begins_[customer + 1]; ++i) {
    const uint32_t basket = baskets_[i];
    for (const ProductNumber product : purchases_.basket(basket)) {
      lines.emplace_back(product, purchases_.days[basket]);
    }
  }
  return {products::RecordsOf(std::move(lines), day), static_cast<uint32_t>(BasketCount(customer))};
}

uint32_t CustomerHistories::GuestBaskets() const {
  uint64_t baskets = 0;  // Of the customers whom catalog does not call guests.
  uint64_t buyers = 0;
  for (uint32_t customer = 0; customer < purchases_.customer_count; ++customer) {
    if (purchases_.guests[customer] != 0) continue;
    baskets += BasketCount(customer);
    buyers += BasketCount(customer) > 0 ? 1 : 0;
  }
  uint64_t threshold = kMostOfAPerson;
  for (uint32_t customer = 0; customer < purchases_.customer_count; ++customer) {
    const uint64_t count = BasketCount(customer);
    if (purchases_.guests[customer] != 0 || count < kMinGuestBaskets) continue;
    if (static_cast<double>(count) < kMinGuestShare * static_cast<double>(baskets)) continue;
    const double mean =
        buyers == 1 ? 0 : static_cast<double>(baskets - count) / static_cast<double>(buyers - 1);
    if (static_cast<double>(count) >= kMinGuestRatio * mean) threshold = std::min(threshold, count);
  }
  return static_cast<uint32_t>(threshold);
}

}  // namespace clustr::training
