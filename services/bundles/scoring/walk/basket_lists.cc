#include "services/bundles/scoring/walk/basket_lists.h"

#include <algorithm>
#include <utility>

#include "services/bundles/index/queries.h"

namespace clustr::scoring {
namespace {

// A list that is longer by this factor is searched, a shorter one is merged.
constexpr size_t kMuchLonger = 24;
constexpr size_t kMergedBetweenChecks = 4096;

// The first place from `begin` on whose slot is not below `slot`, found in steps that double.
const Slot* Gallop(const Slot* begin, const Slot* end, Slot slot) {
  size_t step = 1;
  while (begin + step < end && begin[step] < slot) {
    begin += step;
    step *= 2;
  }
  return std::lower_bound(begin, std::min(end, begin + step + 1), slot);
}

bool Search(absl::Span<const Slot> few, absl::Span<const Slot> many, size_t wanted,
            std::vector<Slot>* common, StepBudget* budget) {
  const Slot* place = many.data();
  const Slot* const end = place + many.size();
  for (size_t i = 0; i < few.size(); ++i) {
    if (common->size() + (few.size() - i) < wanted) return false;
    place = Gallop(place, end, few[i]);
    if (place == end) break;
    if (*place == few[i]) common->push_back(few[i]);
  }
  return budget->Take(static_cast<int64_t>(16 * few.size())) && common->size() >= wanted;
}

bool Merge(absl::Span<const Slot> a, absl::Span<const Slot> b, size_t wanted,
           std::vector<Slot>* common, StepBudget* budget) {
  size_t i = 0;
  size_t j = 0;
  size_t found = 0;
  common->resize(std::min(a.size(), b.size()) + 1);
  Slot* const out = common->data();
  while (i < a.size() && j < b.size()) {
    if (found + std::min(a.size() - i, b.size() - j) < wanted) break;
    const size_t start = i + j;
    // Has no branch that depends on the slots, because one would be mispredicted half of the time.
    for (size_t k = 0; k < kMergedBetweenChecks && i < a.size() && j < b.size(); ++k) {
      const Slot x = a[i];
      const Slot y = b[j];
      out[found] = x;
      found += x == y;
      i += x <= y;
      j += y <= x;
    }
    if (!budget->Take(static_cast<int64_t>(2 * (i + j - start)))) return false;
  }
  common->resize(found);
  return found >= wanted;
}

}  // namespace

const BasketLists::Baskets& BasketLists::Read(Item item) {
  const auto [place, is_new] = lists_.try_emplace(item);
  Baskets& baskets = place->second;
  if (!is_new) return baskets;
  const index::PostingList postings = snapshot_.state(item).postings;
  if (!budget_.Take(2 * int64_t{postings.size})) return baskets;
  std::vector<Slot>& list = baskets.slots;
  list.resize(postings.size);
  size_t size = 0;
  snapshot_.log().postings().ForEachRun(postings.first_chunk, 0, postings.size,
                                        [&](absl::Span<const Slot> slots) {
                                          for (const Slot slot : slots) {
                                            list[size] = slot;
                                            size += selection_.contains(slot);
                                          }
                                        });
  list.resize(size);
  const size_t words = selection_.words.size();
  if (words * sizeof(uint64_t) > size * sizeof(Slot)) return baskets;
  baskets.bits.resize(words);
  for (const Slot slot : list) baskets.bits[slot / 64] |= uint64_t{1} << (slot % 64);
  return baskets;
}

std::vector<Slot> BasketLists::All() const {
  std::vector<Slot> slots;
  slots.reserve(selection_.basket_count);
  index::ForEachBasket(snapshot_, selection_, {}, [&](Slot slot) { slots.push_back(slot); });
  return slots;
}

bool Intersect(absl::Span<const Slot> a, absl::Span<const Slot> b, size_t wanted,
               std::vector<Slot>* common, StepBudget* budget) {
  if (a.size() > b.size()) std::swap(a, b);
  common->clear();
  if (a.size() < wanted) return false;
  return b.size() > kMuchLonger * a.size() ? Search(a, b, wanted, common, budget)
                                           : Merge(a, b, wanted, common, budget);
}

bool Intersect(absl::Span<const Slot> list, absl::Span<const uint64_t> bits, size_t wanted,
               std::vector<Slot>* common, StepBudget* budget) {
  common->clear();
  if (list.size() < wanted) return false;
  common->resize(list.size() + 1);
  Slot* const out = common->data();
  size_t found = 0;
  for (size_t i = 0; i < list.size();) {
    if (found + (list.size() - i) < wanted) break;
    const size_t end = std::min(list.size(), i + kMergedBetweenChecks);
    if (!budget->Take(static_cast<int64_t>(end - i))) return false;
    for (; i < end; ++i) {  // Has no branch, because one would be mispredicted often.
      const Slot slot = list[i];
      out[found] = slot;
      found += bits[slot / 64] >> (slot % 64) & 1;
    }
  }
  common->resize(found);
  return found >= wanted;
}

}  // namespace clustr::scoring
