#include "services/bundles/index/pairs/pair_tables.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <iterator>
#include <tuple>
#include <utility>

namespace clustr::index {
namespace {

uint64_t WordAt(const std::vector<uint64_t>& words, size_t w) {
  return w < words.size() ? words[w] : 0;
}

bool Same(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  const auto& [shorter, longer] = a.size() < b.size() ? std::tie(a, b) : std::tie(b, a);
  const auto rest = longer.begin() + static_cast<ptrdiff_t>(shorter.size());
  return std::equal(shorter.begin(), shorter.end(), longer.begin()) &&
         std::all_of(rest, longer.end(), [](uint64_t word) { return word == 0; });
}

// The number of baskets that one of two sets has and the other has not.
int64_t Difference(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  int64_t baskets = 0;
  for (size_t w = 0; w < std::max(a.size(), b.size()); ++w) {
    baskets += std::popcount(WordAt(a, w) ^ WordAt(b, w));
  }
  return baskets;
}

int64_t BasketsIn(const std::vector<uint64_t>& words) {
  int64_t baskets = 0;
  for (const uint64_t word : words) baskets += std::popcount(word);
  return baskets;
}

// The baskets that one of two sets has and the other has not.
std::vector<uint64_t> Either(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  std::vector<uint64_t> either(std::max(a.size(), b.size()));
  for (size_t w = 0; w < either.size(); ++w) either[w] = WordAt(a, w) ^ WordAt(b, w);
  return either;
}

// What leads from one set to the other.
BasketChange ChangeOf(const std::vector<uint64_t>& from, const std::vector<uint64_t>& to) {
  BasketChange change = {std::vector<uint64_t>(to.size()), std::vector<uint64_t>(to.size())};
  for (size_t w = 0; w < to.size(); ++w) {
    const uint64_t before = WordAt(from, w);
    change.added[w] = to[w] & ~before;
    change.removed[w] = before & ~to[w];
  }
  return change;
}

}  // namespace

const PairTables::Kept* PairTables::FindKept(const Snapshot& snapshot, const Selection& selection) {
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) {
    return kept.log_id == snapshot.log().id() && Same(kept.words, selection.words);
  });
  if (found == kept_.end()) return nullptr;
  std::rotate(kept_.begin(), found, found + 1);
  return &kept_.front();
}

PairTables::TablePtr PairTables::Find(const Snapshot& snapshot, const Selection& selection) {
  const std::lock_guard lock(mutex_);
  const Kept* const kept = FindKept(snapshot, selection);
  return kept == nullptr ? nullptr : kept->table;
}

PairTables::Base PairTables::Nearest(const Snapshot& snapshot, const Selection& selection) const {
  const std::lock_guard lock(mutex_);
  // A table of a newer snapshot may have products and baskets that this one does not know.
  std::vector<const Kept*> older;
  for (const Kept& kept : kept_) {
    if (kept.log_id == snapshot.log().id() && kept.words.size() <= selection.words.size() &&
        kept.table->item_count() <= snapshot.item_count()) {
      older.push_back(&kept);
    }
  }
  int64_t least = selection.basket_count;
  Base base;
  const auto take = [&](int64_t difference, Base nearer) {
    least = difference;
    base = std::move(nearer);
  };
  for (const Kept* kept : older) {
    const int64_t difference = Difference(kept->words, selection.words);
    if (difference < least) take(difference, {.table = kept->table, .words = kept->words});
  }
  for (const Kept* one : older) {
    for (const Kept* other : older) {
      if (one == other || one->baskets < other->baskets ||
          one->table->item_count() != other->table->item_count()) {
        continue;
      }
      const int64_t cost = one->table->baskets_to_combine();
      for (const bool add : {true, false}) {
        const int64_t baskets = one->baskets + (add ? other->baskets : -other->baskets);
        if (std::abs(baskets - selection.basket_count) + cost >= least) continue;
        std::vector<uint64_t> words = Either(one->words, other->words);
        if (BasketsIn(words) != baskets) continue;  // They neither differ nor contain each other.
        const int64_t difference = Difference(words, selection.words) + cost;
        if (difference >= least) continue;
        take(difference, {one->table, other->table, add, std::move(words)});
      }
    }
  }
  return base;
}

void PairTables::Keep(Kept kept) {
  std::deque<Kept> evicted;  // Destroyed after the lock is released.
  const std::lock_guard lock(mutex_);
  // An older table of all baskets is of no more use.
  const auto outdated = std::stable_partition(kept_.begin(), kept_.end(), [&](const Kept& old) {
    return !(kept.everything && old.everything) && old.log_id == kept.log_id;
  });
  std::move(outdated, kept_.end(), std::back_inserter(evicted));
  kept_.erase(outdated, kept_.end());
  kept_.push_front(std::move(kept));
  size_t bytes = 0;
  for (const Kept& each : kept_) bytes += each.bytes;
  while (bytes > max_bytes_ && kept_.size() > 1) {
    // That of all baskets is what the others are made from, so it goes last.
    auto last = std::prev(kept_.end());
    if (last->everything && last != std::next(kept_.begin())) --last;
    bytes -= last->bytes;
    evicted.push_back(std::move(*last));
    kept_.erase(last);
  }
}

absl::StatusOr<PairTables::TablePtr> PairTables::Get(const Snapshot& snapshot,
                                                     const Selection& selection, int threads,
                                                     PairTable::Wanted wanted) {
  if (TablePtr found = Find(snapshot, selection)) return found;
  Base base = Nearest(snapshot, selection);
  if (base.other != nullptr) {
    base.table =
        std::make_shared<const PairTable>(PairTable::Combine(*base.table, *base.other, base.add));
  }
  const PairCounting counting = {.threads = threads};
  absl::StatusOr<PairTable> made =
      base.table == nullptr
          ? PairTable::Count(snapshot, selection, std::vector<uint8_t>(snapshot.item_count(), 1),
                             counting, wanted)
          : PairTable::Move(*base.table, snapshot, ChangeOf(base.words, selection.words), counting,
                            wanted);
  if (!made.ok()) return made.status();
  auto table = std::make_shared<const PairTable>(*std::move(made));
  const size_t bytes = table->memory_bytes() + selection.words.size() * sizeof(uint64_t);
  Keep({snapshot.log().id(), selection.words, selection.basket_count, selection.everything, table,
        bytes});
  return table;
}

}  // namespace clustr::index
