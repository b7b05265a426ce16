#include "tests/services/bundles/mining/plain_miner.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <vector>

namespace clustr::mining {
namespace {

constexpr uint32_t kDropped = UINT32_MAX;
constexpr uint32_t kFree = UINT32_MAX;

// The projection of a prefix. Codes are 0, 1, ... by descending count over all baskets. A code is
// extended by lower codes only, so the many rare items have few baskets and the few frequent ones
// have short baskets.
struct Projection {
  std::vector<Item> prefix;     // Ascending.
  std::vector<Item> items;      // Indexed by code.
  std::vector<int64_t> counts;  // Indexed by code: the count of prefix and item together.
  std::vector<uint32_t> codes;  // The codes of all baskets without gaps, ascending in each basket.
  std::vector<size_t> begins;   // Into `codes`, one entry more than there are baskets.
  std::vector<int64_t>
      weights;  // Indexed by basket: the number of equal baskets for which it stands.
  std::vector<size_t>
      tid_list_begins;         // Indexed by code, into `tids`; one entry more than there are codes.
  std::vector<uint32_t> tids;  // The tids of the baskets that contain the code and a lower one.
};

// Writes `set` and `item` to `out` in ascending order.
void Join(const std::vector<Item>& set, Item item, std::vector<Item>& out) {
  const auto at = std::lower_bound(set.begin(), set.end(), item);
  out.assign(set.begin(), at);
  out.push_back(item);
  out.insert(out.end(), at, set.end());
}

// Depth-first search that writes the projection of each prefix anew, without the items that became
// infrequent and with equal baskets merged.
class Miner {
 public:
  Miner(const ItemsetQuery& query, ItemsetSink sink) : query_(query), sink_(sink) {}

  // Returns false if the query's limit of itemsets was exceeded.
  bool Run(const BasketView& baskets) {
    Load(baskets);
    return Extend(0);
  }

 private:
  void Load(const BasketView& baskets);
  bool Extend(size_t depth);
  bool Report(const std::vector<Item>& set, int64_t count);
  void Tally(const Projection& from, uint32_t code);
  void ClearTally();
  void Project(const Projection& from, uint32_t code, Projection& to);
  void StartBaskets(Projection& to, size_t capacity);
  void FinishBasket(Projection& to, int64_t weight);
  void IndexTids(Projection& of);

  const ItemsetQuery& query_;
  ItemsetSink sink_;
  int64_t reported_ = 0;
  std::deque<Projection> depths_;  // Indexed by size of the prefix; siblings reuse the storage.
  std::vector<int64_t> tally_;  // Indexed by code. All are 0 except between Tally and ClearTally.
  std::vector<uint32_t> touched_;   // Codes whose tally is not 0.
  std::vector<uint32_t> frequent_;  // Codes whose tally is at least min_count, ascending.
  std::vector<uint32_t> recoded_;  // Indexed by code: its code in the next projection, or kDropped.
  std::vector<uint32_t> slots_;    // Hash table of the baskets of the projection being built.
};

void Miner::Load(const BasketView& baskets) {
  std::vector<int64_t> counts;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const absl::Span<const Item> basket = baskets[i];
    if (basket.empty()) continue;
    if (basket.back() >= counts.size()) counts.resize(size_t{basket.back()} + 1);
    for (const Item item : basket) counts[item] += baskets.weight(i);
  }
  Projection& root = depths_.emplace_back();
  for (size_t item = 0; item < counts.size(); ++item) {
    if (counts[item] >= query_.min_count) root.items.push_back(static_cast<Item>(item));
  }
  std::stable_sort(root.items.begin(), root.items.end(),
                   [&](Item a, Item b) { return counts[a] > counts[b]; });
  for (const Item item : root.items) root.counts.push_back(counts[item]);
  tally_.assign(root.items.size(), 0);
  recoded_.assign(root.items.size(), kDropped);

  std::vector<uint32_t> code_of(counts.size(), kDropped);
  for (uint32_t code = 0; code < root.items.size(); ++code) code_of[root.items[code]] = code;
  StartBaskets(root, baskets.size());
  for (size_t i = 0; i < baskets.size() && query_.max_size > 1; ++i) {
    for (const Item item : baskets[i]) {
      if (code_of[item] != kDropped) root.codes.push_back(code_of[item]);
    }
    std::sort(root.codes.begin() + static_cast<ptrdiff_t>(root.begins.back()), root.codes.end());
    FinishBasket(root, baskets.weight(i));
  }
  IndexTids(root);
}

// Takes codes in ascending order, so every subset is reported before its supersets. The depth is
// therefore at most the logarithm of the number of reported sets, however long the baskets are.
bool Miner::Extend(size_t depth) {
  const Projection& from = depths_[depth];
  const int size = static_cast<int>(depth) + 1;
  std::vector<Item> set;
  std::vector<Item> superset;
  for (uint32_t code = 0; code < from.items.size(); ++code) {
    Join(from.prefix, from.items[code], set);
    if (!Report(set, from.counts[code])) return false;
    if (size == query_.max_size) continue;
    Tally(from, code);
    if (frequent_.size() > 1 && size + 1 < query_.max_size) {
      if (depths_.size() == depth + 1) depths_.emplace_back();
      depths_[depth + 1].prefix = set;
      Project(from, code, depths_[depth + 1]);
      ClearTally();
      if (!Extend(depth + 1)) return false;
      continue;
    }
    for (const uint32_t other : frequent_) {
      Join(set, from.items[other], superset);
      if (!Report(superset, tally_[other])) return false;
    }
    ClearTally();
  }
  return true;
}

bool Miner::Report(const std::vector<Item>& set, int64_t count) {
  if (static_cast<int64_t>(set.size()) < query_.min_size) return true;
  if (reported_ == query_.max_itemsets) return false;
  ++reported_;
  sink_(set, count);
  return true;
}

// Counts the codes below `code` in the baskets that contain it.
void Miner::Tally(const Projection& from, uint32_t code) {
  for (size_t h = from.tid_list_begins[code]; h < from.tid_list_begins[code + 1]; ++h) {
    const uint32_t basket = from.tids[h];
    const int64_t weight = from.weights[basket];
    for (const uint32_t* at = &from.codes[from.begins[basket]]; *at != code; ++at) {
      if (tally_[*at] == 0) touched_.push_back(*at);
      tally_[*at] += weight;
    }
  }
  for (const uint32_t other : touched_) {
    if (tally_[other] >= query_.min_count) frequent_.push_back(other);
  }
  std::sort(frequent_.begin(), frequent_.end());
}

void Miner::ClearTally() {
  for (const uint32_t code : touched_) tally_[code] = 0;
  touched_.clear();
  frequent_.clear();
}

// Writes the baskets of `from` that contain `code` to `to`, with only the tallied frequent codes.
void Miner::Project(const Projection& from, uint32_t code, Projection& to) {
  to.items.clear();
  to.counts.clear();
  for (const uint32_t other : frequent_) {
    recoded_[other] = static_cast<uint32_t>(to.items.size());
    to.items.push_back(from.items[other]);
    to.counts.push_back(tally_[other]);
  }
  StartBaskets(to, from.tid_list_begins[code + 1] - from.tid_list_begins[code]);
  for (size_t h = from.tid_list_begins[code]; h < from.tid_list_begins[code + 1]; ++h) {
    const uint32_t basket = from.tids[h];
    for (const uint32_t* at = &from.codes[from.begins[basket]]; *at != code; ++at) {
      if (recoded_[*at] != kDropped) to.codes.push_back(recoded_[*at]);
    }
    FinishBasket(to, from.weights[basket]);
  }
  for (const uint32_t other : frequent_) recoded_[other] = kDropped;
  IndexTids(to);
}

// Empties `to` and makes room for `capacity` baskets.
void Miner::StartBaskets(Projection& to, size_t capacity) {
  to.codes.clear();
  to.begins.assign(1, 0);
  to.weights.clear();
  slots_.assign(std::bit_ceil(2 * capacity + 1), kFree);
}

// Makes a basket of the codes behind the last basket of `to`, or adds `weight` to an equal basket.
// Drops a basket with fewer than two codes, since the counts of single codes are known.
void Miner::FinishBasket(Projection& to, int64_t weight) {
  const size_t begin = to.begins.back();
  const size_t size = to.codes.size() - begin;
  if (size < 2) {
    to.codes.resize(begin);
    return;
  }
  const uint32_t* codes = &to.codes[begin];
  uint64_t hash = 0;
  for (size_t i = 0; i < size; ++i) {
    hash = (hash ^ codes[i]) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
  }
  const size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  for (; slots_[slot] != kFree; slot = (slot + 1) & mask) {
    const uint32_t other = slots_[slot];
    if (to.begins[other + 1] - to.begins[other] == size &&
        std::equal(codes, codes + size, &to.codes[to.begins[other]])) {
      to.weights[other] += weight;
      to.codes.resize(begin);
      return;
    }
  }
  slots_[slot] = static_cast<uint32_t>(to.weights.size());
  to.begins.push_back(to.codes.size());
  to.weights.push_back(weight);
}

void Miner::IndexTids(Projection& of) {
  of.tid_list_begins.assign(of.items.size() + 1, 0);
  for (size_t basket = 0; basket < of.weights.size(); ++basket) {
    for (size_t i = of.begins[basket] + 1; i < of.begins[basket + 1]; ++i) {
      ++of.tid_list_begins[of.codes[i]];
    }
  }
  size_t total = 0;
  for (size_t& begin : of.tid_list_begins) {
    total += begin;
    begin = total;
  }
  // Each entry is now the end of its code's tid-list. Filling backwards turns it into the
  // beginning.
  of.tids.resize(total);
  for (size_t basket = of.weights.size(); basket-- > 0;) {
    for (size_t i = of.begins[basket] + 1; i < of.begins[basket + 1]; ++i) {
      of.tids[--of.tid_list_begins[of.codes[i]]] = static_cast<uint32_t>(basket);
    }
  }
}

}  // namespace

void MineItemsetsPlainly(const BasketView& baskets, const ItemsetQuery& query, ItemsetSink sink) {
  Miner(query, sink).Run(baskets);
}

}  // namespace clustr::mining
