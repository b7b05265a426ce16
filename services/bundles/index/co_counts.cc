#include "services/bundles/index/co_counts.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace clustr::index {
namespace {

size_t BytesOf(const CoCountRow& row) {
  return sizeof(row) + row.items.size() * (sizeof(Item) + sizeof(uint32_t)) +
         row.ranked.size() * sizeof(CoCountRow::Ranked);
}

// The slots among the deaths [begin, end) of the log that hold `item`, ascending. Stops after
// `expected` of them.
std::vector<Slot> DeathsHolding(const BasketLog& log, Item item, uint32_t begin, uint32_t end,
                                uint32_t expected) {
  std::vector<Slot> deaths;
  for (uint32_t i = begin; i < end && deaths.size() < expected; ++i) {
    const Slot slot = log.deaths()[i];
    const absl::Span<const Item> basket = log.items(slot);
    if (std::binary_search(basket.begin(), basket.end(), item)) deaths.push_back(slot);
  }
  std::sort(deaths.begin(), deaths.end());
  return deaths;
}

// The sum of `row` and `changes`, which may be in any order and may repeat an item.
CoCountRow Apply(const CoCountRow& row, std::vector<std::pair<Item, int32_t>> changes) {
  std::sort(changes.begin(), changes.end());
  CoCountRow sum;
  sum.items.reserve(row.items.size() + changes.size());
  sum.counts.reserve(row.items.size() + changes.size());
  size_t i = 0;
  size_t j = 0;
  while (i < row.items.size() || j < changes.size()) {
    const Item item = j == changes.size()     ? row.items[i]
                      : i == row.items.size() ? changes[j].first
                                              : std::min(row.items[i], changes[j].first);
    int64_t count = 0;
    if (i < row.items.size() && row.items[i] == item) count = row.counts[i++];
    for (; j < changes.size() && changes[j].first == item; ++j) count += changes[j].second;
    if (count == 0) continue;
    sum.items.push_back(item);
    sum.counts.push_back(static_cast<uint32_t>(count));
  }
  sum.items.shrink_to_fit();
  sum.counts.shrink_to_fit();
  return sum;
}

// The row of `item` over those of its baskets for whose slots `counted` is true.
template <typename Counted>
CoCountRow CountRow(const Snapshot& snapshot, Item item, Counted counted) {
  std::vector<uint32_t> counts(snapshot.item_count());
  const PostingList postings = snapshot.state(item).postings;
  snapshot.log().postings().ForEachRun(postings.first_chunk, 0, postings.size,
                                       [&](absl::Span<const Slot> slots) {
                                         for (Slot slot : slots) {
                                           if (!counted(slot)) continue;
                                           for (Item other : snapshot.items(slot)) ++counts[other];
                                         }
                                       });
  if (item < counts.size()) counts[item] = 0;
  const size_t size = counts.size() - std::count(counts.begin(), counts.end(), 0);
  CoCountRow row;
  row.items.reserve(size);
  row.counts.reserve(size);
  for (Item other = 0; other < counts.size(); ++other) {
    if (counts[other] == 0) continue;
    row.items.push_back(other);
    row.counts.push_back(counts[other]);
  }
  return row;
}

}  // namespace

uint32_t CoCountRow::CountOf(Item item) const {
  if (items.empty() || item < items.front() || item > items.back()) return 0;
  // Interpolates, then gallops from there: the item is near the place that an even spread gives,
  // while a binary search would miss the cache at every step.
  const size_t last = items.size() - 1;
  size_t high = items.back() == items.front()
                    ? 0
                    : uint64_t{item - items.front()} * last / (items.back() - items.front());
  size_t low = high;
  for (size_t step = 8; items[low] > item; step *= 2) low -= std::min(low, step);
  for (size_t step = 8; items[high] < item; step *= 2) high = std::min(last, high + step);
  const auto it = std::lower_bound(items.begin() + static_cast<ptrdiff_t>(low),
                                   items.begin() + static_cast<ptrdiff_t>(high), item);
  return *it == item ? counts[it - items.begin()] : 0;
}

CoCountRow CountTogether(const Snapshot& snapshot, const Selection& selection, Item item) {
  return CountRow(snapshot, item, [&](Slot slot) { return selection.contains(slot); });
}

CoCounts::Entry CoCounts::StateOf(const Snapshot& snapshot, Item item) {
  return {nullptr, snapshot.log().id(), snapshot.slot_count(), snapshot.death_count(),
          snapshot.state(item)};
}

CoCounts::Entry CoCounts::Held(Item item) const {
  const std::lock_guard lock(mutex_);
  const auto it = entries_.find(item);
  return it == entries_.end() ? Entry() : it->second;
}

bool CoCounts::SameRow(const Entry& a, const Entry& b) {
  // Within one log both numbers only grow, so they are equal unless a basket that holds the item
  // was added or removed.
  return a.log_id == b.log_id && a.state.postings.size == b.state.postings.size &&
         a.state.dead_count() == b.state.dead_count();
}

std::shared_ptr<const CoCountRow> CoCounts::Find(const Snapshot& snapshot, Item item) const {
  Entry held = Held(item);
  if (held.row == nullptr || !SameRow(held, StateOf(snapshot, item))) return nullptr;
  return held.row;
}

std::shared_ptr<const CoCountRow> CoCounts::Get(const Snapshot& snapshot, Item item) {
  Entry now = StateOf(snapshot, item);
  const Entry held = Held(item);
  const bool same_log = held.row != nullptr && held.log_id == now.log_id;
  if (same_log && SameRow(held, now)) return held.row;
  const int64_t baskets_to_move =
      std::abs(int64_t{now.state.postings.size} - int64_t{held.state.postings.size}) +
      std::abs(int64_t{now.death_count} - int64_t{held.death_count});
  now.row = Rank(same_log && baskets_to_move < now.state.postings.size
                     ? Move(snapshot.log(), held, now, item)
                     : CountRow(snapshot, item, [&](Slot slot) { return snapshot.alive(slot); }));
  const auto dropped = Put(item, now);
  return now.row;
}

std::shared_ptr<const CoCountRow> CoCounts::Rank(CoCountRow row) const {
  row.ranked.resize(std::min(ranked_, row.items.size()));
  std::vector<CoCountRow::Ranked> all(row.items.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = {row.items[i], row.counts[i]};
  std::partial_sort_copy(all.begin(), all.end(), row.ranked.begin(), row.ranked.end(),
                         [](const auto& a, const auto& b) { return a.count > b.count; });
  return std::make_shared<const CoCountRow>(std::move(row));
}

CoCountRow CoCounts::Move(const BasketLog& log, const Entry& entry, const Entry& now, Item item) {
  const bool forward =
      entry.state.postings.size <= now.state.postings.size && entry.death_count <= now.death_count;
  const Entry& older = forward ? entry : now;
  const Entry& newer = forward ? now : entry;
  const int32_t sign = forward ? 1 : -1;
  const std::vector<Slot> deaths =
      DeathsHolding(log, item, older.death_count, newer.death_count,
                    newer.state.dead_count() - older.state.dead_count());
  std::vector<std::pair<Item, int32_t>> changes;
  auto add = [&](Slot slot, int32_t count) {
    for (Item other : log.items(slot)) {
      if (other != item) changes.emplace_back(other, count);
    }
  };
  // The baskets that were added between the two states and are alive in the newer one.
  log.postings().ForEachRun(newer.state.postings.first_chunk, older.state.postings.size,
                            newer.state.postings.size, [&](absl::Span<const Slot> slots) {
                              for (Slot slot : slots) {
                                if (!std::binary_search(deaths.begin(), deaths.end(), slot)) {
                                  add(slot, sign);
                                }
                              }
                            });
  // The baskets that were alive in the older state and have died since.
  for (Slot slot : deaths) {
    if (slot < older.slot_count) add(slot, -sign);
  }
  return Apply(*entry.row, std::move(changes));
}

std::vector<std::shared_ptr<const CoCountRow>> CoCounts::Put(Item item, const Entry& entry) {
  std::vector<std::shared_ptr<const CoCountRow>> dropped;
  const std::lock_guard lock(mutex_);
  auto [it, is_new] = entries_.try_emplace(item);
  if (is_new) {
    oldest_first_.push_back(item);
  } else {
    bytes_ -= BytesOf(*it->second.row);
    dropped.push_back(std::move(it->second.row));
  }
  it->second = entry;
  bytes_ += BytesOf(*entry.row);
  while (bytes_ > budget_bytes_) {
    const auto oldest = entries_.find(oldest_first_.front());
    bytes_ -= BytesOf(*oldest->second.row);
    dropped.push_back(std::move(oldest->second.row));
    entries_.erase(oldest);
    oldest_first_.pop_front();
  }
  return dropped;
}

}  // namespace clustr::index
