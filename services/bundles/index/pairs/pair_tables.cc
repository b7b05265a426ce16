#include "services/bundles/index/pairs/pair_tables.h"

#include <algorithm>
#include <bit>
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

PairTables::TablePtr PairTables::Nearest(const Snapshot& snapshot, const Selection& selection,
                                         BasketChange* change) const {
  const std::lock_guard lock(mutex_);
  int64_t least = selection.basket_count;
  const Kept* nearest = nullptr;
  for (const Kept& kept : kept_) {
    // A table of a newer snapshot may have products and baskets that this one does not know.
    const bool is_older = kept.log_id == snapshot.log().id() &&
                          kept.words.size() <= selection.words.size() &&
                          kept.table->item_count() <= snapshot.item_count();
    if (!is_older) continue;
    const int64_t difference = Difference(kept.words, selection.words);
    if (difference >= least) continue;
    least = difference;
    nearest = &kept;
  }
  if (nearest == nullptr) return nullptr;
  const size_t words = selection.words.size();
  *change = {std::vector<uint64_t>(words), std::vector<uint64_t>(words)};
  for (size_t w = 0; w < words; ++w) {
    const uint64_t from = WordAt(nearest->words, w);
    change->added[w] = selection.words[w] & ~from;
    change->removed[w] = from & ~selection.words[w];
  }
  return nearest->table;
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
  BasketChange change;
  const TablePtr nearest = Nearest(snapshot, selection, &change);
  const PairCounting counting = {.threads = threads};
  absl::StatusOr<PairTable> made =
      nearest == nullptr
          ? PairTable::Count(snapshot, selection, std::vector<uint8_t>(snapshot.item_count(), 1),
                             counting, wanted)
          : PairTable::Move(*nearest, snapshot, change, counting, wanted);
  if (!made.ok()) return made.status();
  auto table = std::make_shared<const PairTable>(*std::move(made));
  const size_t bytes = table->memory_bytes() + selection.words.size() * sizeof(uint64_t);
  Keep({snapshot.log().id(), selection.words, selection.everything, table, bytes});
  return table;
}

}  // namespace clustr::index
