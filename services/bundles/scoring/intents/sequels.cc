#include "services/bundles/scoring/intents/sequels.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/bundles/index/queries.h"

namespace clustr::scoring {

using index::Selection;
using index::Slot;
using index::Snapshot;

Sequels::Sequels(const Snapshot& snapshot, const Selection& selection, Item first,
                 int32_t within_days)
    : snapshot_(snapshot),
      first_(first),
      within_days_(within_days),
      after_(snapshot.item_count()),
      before_(snapshot.item_count()) {
  ReadBuyers(selection);
  ForEachEvent([&](Item item, int32_t gap_days) { ++(gap_days > 0 ? after_ : before_)[item]; });
}

void Sequels::ReadBuyers(const Selection& selection) {
  const auto& customers = snapshot_.log().customers();
  std::vector<uint32_t> baskets(snapshot_.customers().size());  // Of each buyer; 0 for others.
  const Item first[] = {first_};
  index::ForEachBasket(snapshot_, selection, first,
                       [&](Slot slot) { baskets[customers[slot]] = 1; });
  for (size_t w = 0; w < selection.words.size(); ++w) {
    for (uint64_t word = selection.words[w]; word != 0; word &= word - 1) {
      const Slot slot = static_cast<Slot>(w * 64 + std::countr_zero(word));
      uint32_t& count = baskets[customers[slot]];
      if (count == 0) continue;
      ++count;
      purchases_.push_back({customers[slot], snapshot_.epoch_day(slot), slot});
    }
  }
  const double most = std::max(static_cast<double>(kMostBaskets),
                               kMostShare * static_cast<double>(selection.basket_count));
  for (uint32_t customer = 0; customer < baskets.size(); ++customer) {
    uint32_t& count = baskets[customer];
    if (count == 0) continue;
    --count;  // It began at 1.
    if (static_cast<double>(count) > most || snapshot_.customers()[customer].guest) {
      count = 0;
    } else {
      ++buyers_;
    }
  }
  std::erase_if(purchases_, [&](const Purchase& p) { return baskets[p.customer] == 0; });
  std::sort(purchases_.begin(), purchases_.end(), [](const Purchase& a, const Purchase& b) {
    if (a.customer != b.customer) return a.customer < b.customer;
    return a.day != b.day ? a.day < b.day : a.slot < b.slot;
  });
}

void Sequels::ForEachEvent(Event event) const {
  // The number of the last buyer, counted from 1, for whom the item was reported.
  std::vector<uint32_t> after_for(snapshot_.item_count());
  std::vector<uint32_t> before_for(snapshot_.item_count());
  std::vector<int32_t> first_days;  // On which the buyer bought the first product, ascending.
  uint32_t buyer = 0;
  for (size_t begin = 0; begin < purchases_.size();) {
    size_t end = begin;
    first_days.clear();
    for (; end < purchases_.size() && purchases_[end].customer == purchases_[begin].customer;
         ++end) {
      const absl::Span<const Item> items = snapshot_.items(purchases_[end].slot);
      if (std::binary_search(items.begin(), items.end(), first_)) {
        first_days.push_back(purchases_[end].day);
      }
    }
    ++buyer;
    for (; begin < end; ++begin) {
      const int32_t day = purchases_[begin].day;
      const auto same = std::lower_bound(first_days.begin(), first_days.end(), day);
      const auto next = std::upper_bound(same, first_days.end(), day);
      const bool is_after = same != first_days.begin() && day - *std::prev(same) <= within_days_;
      const bool is_before = next != first_days.end() && *next - day <= within_days_;
      for (const Item item : snapshot_.items(purchases_[begin].slot)) {
        if (item == first_) continue;
        if (is_after && std::exchange(after_for[item], buyer) != buyer) {
          event(item, day - *std::prev(same));
        }
        if (is_before && std::exchange(before_for[item], buyer) != buyer) event(item, 0);
      }
    }
  }
}

Sequel Sequels::Counted(Item item) const {
  Sequel sequel = {.item = item};
  if (item >= after_.size() || buyers_ == 0) return sequel;
  sequel.after = after_[item];
  sequel.before = before_[item];
  sequel.score = static_cast<double>(sequel.after - sequel.before) / static_cast<double>(buyers_);
  return sequel;
}

void Sequels::AddMedians(std::vector<Sequel>* sequels) const {
  absl::flat_hash_map<Item, std::vector<int32_t>> gaps;
  for (const Sequel& sequel : *sequels) gaps[sequel.item];
  ForEachEvent([&](Item item, int32_t gap_days) {
    if (gap_days == 0) return;
    const auto it = gaps.find(item);
    if (it != gaps.end()) it->second.push_back(gap_days);
  });
  for (Sequel& sequel : *sequels) {
    std::vector<int32_t>& days = gaps[sequel.item];
    if (days.empty()) continue;
    std::sort(days.begin(), days.end());
    sequel.median_gap_days = (days[(days.size() - 1) / 2] + days[days.size() / 2]) / 2.0;
  }
}

Sequel Sequels::Of(Item item) const {
  std::vector<Sequel> one = {Counted(item)};
  AddMedians(&one);
  return one[0];
}

std::vector<Sequel> Sequels::Best(const ProductOffers& offers, size_t limit) const {
  std::vector<Sequel> found;
  for (Item item = 0; item < after_.size(); ++item) {
    if (after_[item] < kLeastCustomers || after_[item] <= before_[item]) continue;
    if (offers.Has(item)) found.push_back(Counted(item));
  }
  std::sort(found.begin(), found.end(), [&](const Sequel& a, const Sequel& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.after != b.after) return a.after > b.after;
    return snapshot_.sku_of(a.item) < snapshot_.sku_of(b.item);
  });
  if (found.size() > limit) found.resize(limit);
  AddMedians(&found);
  return found;
}

}  // namespace clustr::scoring
