#include "services/bundles/index/pairs/pair_table.h"

#include <atomic>
#include <bit>
#include <cstring>
#include <numeric>
#include <optional>
#include <thread>
#include <utility>

#include "services/bundles/index/runs.h"

namespace clustr::index {
namespace {

// A place costs about as much as this share of counting one pair.
constexpr double kPlacesPerPair = 8;
constexpr size_t kWordsBetweenChecks = 512;
// Fewer baskets are not worth a further table, which each thread needs.
constexpr int64_t kBasketsPerThread = 40'000;

int64_t BasketsIn(absl::Span<const uint64_t> words) {
  int64_t baskets = 0;
  for (const uint64_t word : words) baskets += std::popcount(word);
  return baskets;
}

}  // namespace

// Counts the baskets of some words of a selection. Collects many baskets and counts them product by
// product, the pairs of which are adjacent in the table: so they are in the fastest cache.
class PairTable::Counter {
 public:
  // Adds what it counts to the table, or takes it away.
  Counter(const Snapshot& snapshot, bool add, PairTable* table)
      : snapshot_(snapshot),
        add_(add),
        table_(*table),
        number_of_(snapshot.item_count(), kNone),
        ends_(table->items_.size()) {
    for (size_t i = 0; i < table_.items_.size(); ++i) {
      number_of_[table_.items_[i]] = static_cast<uint16_t>(i);
    }
  }

  // The words from number `first` on.
  void Count(absl::Span<const uint64_t> words, size_t first) {
    ForEachRun(
        snapshot_.log(), words, [this](const Run& run) { Collect(run); }, first);
  }
  // Counts what is collected. To be called at the end.
  void Flush() {
    Sort();
    add_ ? CountRows<true>() : CountRows<false>();
    numbers_.clear();
  }
  int64_t pairs() const { return pairs_; }

 private:
  static constexpr uint16_t kNone = UINT16_MAX;
  static_assert(kMaxProducts < kNone);
  static constexpr size_t kMostLines = 400'000;  // What is collected of them takes 2.4 MB.
  static constexpr size_t kAhead = 8;

  void Collect(const Run& run) {
    const Item* item = run.items.data();
    for (int b = 0; b < run.count; ++b) {
      const size_t size = snapshot_.items(run.first + b).size();
      Collect({item, size});
      item += size;
    }
  }

  void Collect(absl::Span<const Item> basket) {
    const size_t begin = numbers_.size();
    numbers_.resize(begin + 1 + basket.size());
    uint16_t* const numbers = numbers_.data() + begin;
    numbers[0] = kNone;
    size_t kept = 0;
    for (const Item item : basket) {  // Has no branch, because one would be mispredicted often.
      numbers[1 + kept] = number_of_[item];
      kept += number_of_[item] != kNone ? 1 : 0;
    }
    numbers_.resize(begin + 1 + kept);
    pairs_ += static_cast<int64_t>(kept * (kept - 1) / 2);
    if (numbers_.size() >= kMostLines) Flush();
  }

  // Sets lines_ to all lines by product, and ends_ to the end of each product there.
  void Sort() {
    std::fill(ends_.begin(), ends_.end(), 0);
    for (const uint16_t number : numbers_) {
      if (number != kNone) ++ends_[number];
    }
    uint32_t sum = 0;
    for (uint32_t& end : ends_) sum += std::exchange(end, sum);
    lines_.resize(sum);
    for (uint32_t place = 0; place < numbers_.size(); ++place) {
      if (numbers_[place] != kNone) lines_[ends_[numbers_[place]]++] = place;
    }
  }

  template <bool kAdd>
  void CountRows() {
    const uint32_t* line = lines_.data();
    const uint32_t* const last = line + lines_.size();
    for (size_t i = 0; i < ends_.size(); ++i) {
      const size_t row = Row(i);
      uint8_t* const low = table_.low_.data() + row;
      for (const uint32_t* const end = lines_.data() + ends_[i]; line < end; ++line) {
        if (line + kAhead < last) __builtin_prefetch(&numbers_[line[kAhead]]);
        for (const uint16_t* other = &numbers_[*line]; *--other != kNone;) {
          uint8_t& count = low[*other];
          if constexpr (kAdd) {
            if (++count == 0) [[unlikely]]
              table_.Carry(row + *other, 1);
          } else {
            if (count-- == 0) [[unlikely]]
              table_.Borrow(row + *other, 1);
          }
        }
      }
    }
  }

  const Snapshot& snapshot_;
  const bool add_;
  PairTable& table_;
  std::vector<uint16_t> number_of_;  // Indexed by Item; kNone if it is not in the table.
  // The products of one basket after the other, ascending, with kNone before each basket.
  std::vector<uint16_t> numbers_;
  std::vector<uint32_t> lines_;  // Places in numbers_.
  std::vector<uint32_t> ends_;   // Indexed by number.
  int64_t pairs_ = 0;
};

PairTable::PairTable(std::vector<Item> items)
    : items_(std::move(items)), low_(places() + 1), high_places_(places() / 64 + 2) {
  std::memset(low_.data(), 0, places());
}

PairTable::PairTable(const PairTable& base, size_t item_count)
    : items_(item_count), low_(places() + 1), high_(base.high_), high_places_(places() / 64 + 2) {
  std::iota(items_.begin(), items_.end(), 0);
  std::memcpy(low_.data(), base.low_.data(), base.places());
  std::memset(low_.data() + base.places(), 0, places() - base.places());
  std::copy(base.high_places_.begin(), base.high_places_.end(), high_places_.begin());
}

size_t PairTable::memory_bytes() const {
  return places() + high_places_.size() * sizeof(uint64_t) + items_.size() * sizeof(Item) +
         high_.capacity() * (sizeof(std::pair<size_t, uint32_t>) + 1);
}

bool PairTable::Suits(absl::Span<const uint32_t> single_counts, absl::Span<const uint8_t> kept,
                      int64_t basket_count) {
  double lines = 0;
  size_t products = 0;
  for (Item item = 0; item < kept.size(); ++item) {
    if (!kept[item]) continue;
    lines += single_counts[item];
    ++products;
  }
  if (products > kMaxProducts || basket_count == 0) return false;
  // Baskets of the same size have the fewest pairs.
  const double pairs = lines * (lines / static_cast<double>(basket_count) - 1) / 2;
  return pairs * kPlacesPerPair > static_cast<double>(Row(products + 1));
}

void PairTable::Carry(size_t place, uint32_t high) {
  high_[place] += high;
  high_places_[place / 64] |= uint64_t{1} << (place % 64);
}

void PairTable::Borrow(size_t place, uint32_t high) {
  const auto held = high_.find(place);
  held->second -= high;
  if (held->second > 0) return;
  high_.erase(held);
  high_places_[place / 64] &= ~(uint64_t{1} << (place % 64));
}

void PairTable::Merge(const PairTable& other, bool add) {
  for (size_t place = 0; place < places(); place += kBlock) {
    const size_t count = std::min(kBlock, places() - place);
    uint8_t* const low = low_.data() + place;
    const uint8_t* const change = other.low_.data() + place;
    uint8_t beyond[kBlock];
    uint8_t any = 0;
    for (size_t k = 0; k < count; ++k) {  // Has no branch, so that it is vectorised.
      const uint8_t before = low[k];
      const auto after = static_cast<uint8_t>(add ? before + change[k] : before - change[k]);
      beyond[k] = (add ? after < change[k] : before < change[k]) ? 1 : 0;
      any |= beyond[k];
      low[k] = after;
    }
    if (any == 0) continue;
    for (size_t k = 0; k < count; ++k) {
      if (beyond[k] != 0) add ? Carry(place + k, 1) : Borrow(place + k, 1);
    }
  }
  for (const auto& [place, high] : other.high_) {
    add ? Carry(place, high) : Borrow(place, high);
  }
}

absl::Status PairTable::Apply(const Snapshot& snapshot, absl::Span<const uint64_t> words, bool add,
                              const PairCounting& counting, Wanted wanted) {
  // The threads take the next words that nobody has taken, and stop when one of them says so.
  std::atomic<size_t> next{0};
  std::atomic<int64_t> pairs{0};
  std::atomic<bool> stopped{false};
  const auto count = [&](Counter counter, absl::FunctionRef<bool()> go_on) {
    int64_t told = 0;
    while (!stopped.load(std::memory_order_relaxed)) {
      const size_t first = next.fetch_add(kWordsBetweenChecks);
      if (first >= words.size()) break;
      counter.Count(words.subspan(first, kWordsBetweenChecks), first);
      const int64_t all = pairs.fetch_add(counter.pairs() - told) + counter.pairs() - told;
      told = counter.pairs();
      if (all > counting.max_pairs || !go_on()) stopped = true;
    }
    counter.Flush();
  };
  const int64_t worth = std::max<int64_t>(1, BasketsIn(words) / kBasketsPerThread);
  std::vector<std::optional<PairTable>> others(std::min<int64_t>(counting.threads, worth) - 1);
  std::vector<std::thread> threads;
  for (std::optional<PairTable>& other : others) {
    other = PairTable(items_);
    threads.emplace_back([&] { count(Counter(snapshot, true, &*other), [] { return true; }); });
  }
  absl::Status status;
  count(Counter(snapshot, add, this), [&] {
    status = wanted();
    return status.ok();
  });
  for (std::thread& thread : threads) thread.join();
  if (!status.ok()) return status;
  if (pairs > counting.max_pairs) {
    return absl::ResourceExhaustedError("the baskets hold too many pairs to count");
  }
  for (const std::optional<PairTable>& other : others) Merge(*other, add);
  return absl::OkStatus();
}

absl::StatusOr<PairTable> PairTable::Count(const Snapshot& snapshot, const Selection& selection,
                                           absl::Span<const uint8_t> kept,
                                           const PairCounting& counting, Wanted wanted) {
  std::vector<Item> items;
  for (Item item = 0; item < kept.size(); ++item) {
    if (kept[item]) items.push_back(item);
  }
  PairTable table(std::move(items));
  const absl::Status counted = table.Apply(snapshot, selection.words, true, counting, wanted);
  if (!counted.ok()) return counted;
  return table;
}

PairTable PairTable::Combine(const PairTable& a, const PairTable& b, bool add) {
  PairTable table(a, a.items_.size());
  table.Merge(b, add);
  return table;
}

absl::StatusOr<PairTable> PairTable::Move(const PairTable& base, const Snapshot& snapshot,
                                          const BasketChange& change, const PairCounting& counting,
                                          Wanted wanted) {
  PairTable table(base, std::max(base.items_.size(), snapshot.item_count()));
  // What is removed is in the table only at the beginning.
  absl::Status counted = table.Apply(snapshot, change.removed, false, counting, wanted);
  if (counted.ok()) counted = table.Apply(snapshot, change.added, true, counting, wanted);
  if (!counted.ok()) return counted;
  return table;
}

}  // namespace clustr::index
