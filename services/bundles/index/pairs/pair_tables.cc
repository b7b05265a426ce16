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

// The set of the baskets that one of two sets has and the other has not, compared with another.
struct Compared {
  int64_t baskets = 0;
  int64_t difference = 0;
};

Compared CompareEither(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b,
                       const std::vector<uint64_t>& with) {
  Compared compared;
  for (size_t w = 0; w < with.size(); ++w) {
    const uint64_t either = WordAt(a, w) ^ WordAt(b, w);
    compared.baskets += std::popcount(either);
    compared.difference += std::popcount(either ^ with[w]);
  }
  return compared;
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

PairTables::TablePtr PairTables::Find(const Snapshot& snapshot, const Selection& selection) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const KeptPtr& kept) {
    return kept->log_id == snapshot.log().id() && kept->baskets == selection.basket_count &&
           Same(kept->words, selection.words);
  });
  if (found == kept_.end()) return nullptr;
  std::rotate(kept_.begin(), found, found + 1);
  return kept_.front()->table;
}

std::vector<PairTables::KeptPtr> PairTables::Usable(const Snapshot& snapshot,
                                                    const Selection& selection) const {
  const std::lock_guard lock(mutex_);
  std::vector<KeptPtr> usable;
  for (const KeptPtr& kept : kept_) {
    // A table of a newer snapshot may have products and baskets that this one does not know.
    if (kept->log_id == snapshot.log().id() && kept->words.size() <= selection.words.size() &&
        kept->table->item_count() <= snapshot.item_count()) {
      usable.push_back(kept);
    }
  }
  return usable;
}

absl::StatusOr<PairTables::Base> PairTables::Nearest(absl::Span<const KeptPtr> usable,
                                                     const Selection& selection,
                                                     PairTable::Wanted wanted) {
  int64_t least = selection.basket_count;
  Base base;
  const auto take = [&](int64_t difference, Base nearer) {
    least = difference;
    base = std::move(nearer);
  };
  std::vector<const Kept*> combined;  // The newest, and that of all baskets.
  for (const KeptPtr& kept : usable) {
    if (absl::Status still = wanted(); !still.ok()) return still;
    if (combined.size() < kMostCombined || kept->everything) combined.push_back(kept.get());
    const int64_t difference = Difference(kept->words, selection.words);
    if (difference < least) take(difference, {kept->table, nullptr, false, kept->words});
  }
  for (const Kept* one : combined) {
    if (absl::Status still = wanted(); !still.ok()) return still;
    for (const Kept* other : combined) {
      if (one == other || one->baskets < other->baskets ||
          one->table->item_count() != other->table->item_count()) {
        continue;
      }
      const int64_t cost = one->table->baskets_to_combine();
      for (const bool add : {true, false}) {
        const int64_t baskets = one->baskets + (add ? other->baskets : -other->baskets);
        if (std::abs(baskets - selection.basket_count) + cost >= least) continue;
        const Compared both = CompareEither(one->words, other->words, selection.words);
        if (both.baskets != baskets) continue;  // They neither differ nor contain each other.
        if (both.difference + cost >= least) continue;
        take(both.difference + cost,
             {one->table, other->table, add, Either(one->words, other->words)});
      }
    }
  }
  return base;
}

void PairTables::Keep(Kept kept) {
  std::deque<KeptPtr> evicted;  // Destroyed after the lock is released.
  const auto newest = std::make_shared<const Kept>(std::move(kept));
  const std::lock_guard lock(mutex_);
  // An older table of all baskets is of no more use.
  const auto outdated = std::stable_partition(kept_.begin(), kept_.end(), [&](const KeptPtr& old) {
    return !(newest->everything && old->everything) && old->log_id == newest->log_id;
  });
  std::move(outdated, kept_.end(), std::back_inserter(evicted));
  kept_.erase(outdated, kept_.end());
  kept_.push_front(newest);
  size_t bytes = 0;
  for (const KeptPtr& each : kept_) bytes += each->bytes;
  while ((bytes > max_bytes_ && kept_.size() > 1) || kept_.size() > kMostTables) {
    // That of all baskets is what the others are made from, so it goes last.
    auto last = std::prev(kept_.end());
    if ((*last)->everything && last != std::next(kept_.begin())) --last;
    bytes -= (*last)->bytes;
    evicted.push_back(std::move(*last));
    kept_.erase(last);
  }
}

absl::StatusOr<PairTables::TablePtr> PairTables::Get(const Snapshot& snapshot,
                                                     const Selection& selection, int threads,
                                                     PairTable::Wanted wanted) {
  if (TablePtr found = Find(snapshot, selection)) return found;
  absl::StatusOr<Base> nearest = Nearest(Usable(snapshot, selection), selection, wanted);
  if (!nearest.ok()) return nearest.status();
  Base base = *std::move(nearest);
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
