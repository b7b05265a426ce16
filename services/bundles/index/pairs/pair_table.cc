#include "services/bundles/index/pairs/pair_table.h"

#include <atomic>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include "services/bundles/index/runs.h"

namespace clustr::index {
namespace {

constexpr int64_t kMaxBaskets = int64_t{256} * UINT16_MAX;  // More would not fit into the counts.
constexpr size_t kMaxProducts = 11'000;                     // They take 180 MB.
// A place costs about as much as this share of counting one pair.
constexpr double kPlacesPerPair = 8;
constexpr size_t kWordsBetweenChecks = 512;

}  // namespace

// Counts the baskets of some words of a selection.
class PairTable::Counter {
 public:
  Counter(const Snapshot& snapshot, absl::Span<const uint32_t> number_of, PairTable* table)
      : snapshot_(snapshot), number_of_(number_of), table_(*table) {}

  // The words from number `first` on.
  void Count(absl::Span<const uint64_t> words, size_t first) {
    ForEachRun(snapshot_.log(), words, [this](const Run& run) { CountRun(run); }, first);
  }
  int64_t pairs() const { return pairs_; }

 private:
  void CountRun(const Run& run) {
    const Item* item = run.items.data();
    for (int b = 0; b < run.count; ++b) {
      const size_t size = snapshot_.items(run.first + b).size();
      CountBasket({item, size});
      item += size;
    }
  }

  void CountBasket(absl::Span<const Item> basket) {
    if (numbers_.size() <= basket.size()) numbers_.resize(2 * basket.size() + 1);
    uint32_t* const numbers = numbers_.data();
    size_t kept = 0;
    for (const Item item : basket) {  // Has no branch, because one would be mispredicted often.
      numbers[kept] = number_of_[item];
      kept += numbers[kept] != UINT32_MAX ? 1 : 0;
    }
    uint8_t* const low = table_.low_.data();
    uint16_t* const high = table_.high_.data();
    for (size_t i = 1; i < kept; ++i) {
      const size_t row = Row(numbers[i]);
      for (size_t j = 0; j < i; ++j) {
        const size_t place = row + numbers[j];
        if (++low[place] == 0) [[unlikely]] ++high[place];
      }
    }
    pairs_ += static_cast<int64_t>(kept * (kept - 1) / 2);
  }

  const Snapshot& snapshot_;
  absl::Span<const uint32_t> number_of_;
  PairTable& table_;
  std::vector<uint32_t> numbers_;
  int64_t pairs_ = 0;
};

PairTable::PairTable(std::vector<Item> items)
    : items_(std::move(items)), low_(places() + 1), high_(places() + 1) {
  std::memset(low_.data(), 0, places());
  std::memset(high_.data(), 0, places() * sizeof(uint16_t));
}

size_t PairTable::memory_bytes() const {
  return places() * (sizeof(uint8_t) + sizeof(uint16_t)) + items_.size() * sizeof(Item);
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
  if (products > kMaxProducts || basket_count > kMaxBaskets || basket_count == 0) return false;
  // Baskets of the same size have the fewest pairs.
  const double pairs = lines * (lines / static_cast<double>(basket_count) - 1) / 2;
  return pairs * kPlacesPerPair > static_cast<double>(Row(products + 1));
}

void PairTable::Add(const PairTable& other) {
  uint8_t* const low = low_.data();
  uint16_t* const high = high_.data();
  for (size_t place = 0; place < places(); ++place) {
    const uint32_t sum = At(place) + other.At(place);
    low[place] = static_cast<uint8_t>(sum % kLow);
    high[place] = static_cast<uint16_t>(sum / kLow);
  }
}

absl::StatusOr<PairTable> PairTable::Count(const Snapshot& snapshot, const Selection& selection,
                                           absl::Span<const uint8_t> kept,
                                           const PairCounting& counting, Wanted wanted) {
  std::vector<Item> items;
  std::vector<uint32_t> number_of(kept.size(), UINT32_MAX);
  for (Item item = 0; item < kept.size(); ++item) {
    if (!kept[item]) continue;
    number_of[item] = static_cast<uint32_t>(items.size());
    items.push_back(item);
  }
  // The threads take the next words that nobody has taken, and stop when one of them says so.
  const absl::Span<const uint64_t> words = selection.words;
  std::atomic<size_t> next{0};
  std::atomic<int64_t> pairs{0};
  std::atomic<bool> stopped{false};
  const auto count = [&](PairTable* table, absl::FunctionRef<bool()> go_on) {
    Counter counter(snapshot, number_of, table);
    int64_t told = 0;
    while (!stopped.load(std::memory_order_relaxed)) {
      const size_t first = next.fetch_add(kWordsBetweenChecks);
      if (first >= words.size()) break;
      counter.Count(words.subspan(first, kWordsBetweenChecks), first);
      const int64_t all = pairs.fetch_add(counter.pairs() - told) + counter.pairs() - told;
      told = counter.pairs();
      if (all > counting.max_pairs || !go_on()) stopped = true;
    }
  };
  PairTable table(items);
  std::vector<std::optional<PairTable>> others(counting.threads - 1);
  std::vector<std::thread> threads;
  for (std::optional<PairTable>& other : others) {
    other = PairTable(items);
    threads.emplace_back([&] { count(&*other, [] { return true; }); });
  }
  absl::Status status;
  count(&table, [&] {
    status = wanted();
    return status.ok();
  });
  for (std::thread& thread : threads) thread.join();
  if (!status.ok()) return status;
  if (pairs > counting.max_pairs) {
    return absl::ResourceExhaustedError("the baskets hold too many pairs to count");
  }
  for (const std::optional<PairTable>& other : others) table.Add(*other);
  return table;
}

}  // namespace clustr::index
