#include "services/bundles/mining/layout/search_root.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "services/bundles/mining/base/in_parts.h"
#include "services/bundles/mining/layout/bit_rows.h"
#include "services/bundles/mining/layout/list_node.h"
#include "services/bundles/mining/layout/strategy.h"

namespace clustr::mining {
namespace {

// Codes by item; those that have none are `dropped`.
template <class Code>
class CodeTable {
 public:
  explicit CodeTable(const std::vector<Item>& items) : dropped_(static_cast<Code>(items.size())) {
    Item bound = 0;
    for (const Item item : items) bound = std::max(bound, item + 1);
    codes_.assign(bound, dropped_);
    for (size_t code = 0; code < items.size(); ++code) {
      codes_[items[code]] = static_cast<Code>(code);
    }
  }

  // Writes the codes of `basket`, in its order, to `out`, which has room for them and one more.
  uint32_t Translate(absl::Span<const Item> basket, Code* out) const {
    uint32_t size = 0;
    for (const Item item : basket) {
      if (item >= codes_.size()) break;
      out[size] = codes_[item];
      size += out[size] != dropped_ ? 1 : 0;
    }
    return size;
  }

 private:
  const Code dropped_;
  std::vector<Code> codes_;
};

// Sorts up to kWidth distinct codes by counting for each how many are below it: no branch depends
// on the codes, and the compiler counts several at a time.
template <uint32_t kWidth, class Code>
void SortFew(Code* codes, uint32_t size) {
  // Signed, because that is what plain x86-64 compares.
  using Signed = std::make_signed_t<Code>;
  constexpr auto kHighest = std::numeric_limits<Signed>::max();
  const auto as_signed = [](Code code) {
    return static_cast<Signed>(code ^ (Code{1} << (8 * sizeof(Code) - 1)));
  };
  std::array<Signed, kWidth> values;
  values.fill(kHighest);
  for (uint32_t i = 0; i < size; ++i) values[i] = as_signed(codes[i]);
  std::array<Signed, kWidth> above = {};
  for (uint32_t i = 0; i < size; ++i) {
    for (uint32_t k = 0; k < kWidth; ++k) above[k] += values[i] < values[k] ? 1 : 0;
  }
  std::array<Code, kWidth> sorted;
  for (uint32_t i = 0; i < size; ++i) sorted[above[i]] = codes[i];
  std::copy(sorted.begin(), sorted.begin() + size, codes);
}

template <class Code>
void Sort(Code* codes, uint32_t size) {
  if (size <= 8) return SortFew<8>(codes, size);
  if (size <= 16) return SortFew<16>(codes, size);
  if (size <= 32) return SortFew<32>(codes, size);
  std::sort(codes, codes + size);
}

// Where each part of the baskets begins, and the end, counted in items and `extra` for a basket.
std::vector<uint64_t> PartBegins(const BasketView& baskets, size_t parts, uint32_t extra) {
  std::vector<uint64_t> begins(parts + 1);
  InParts(parts, baskets.size(), [&](size_t part, size_t begin, size_t end) {
    uint64_t total = extra * (end - begin);
    for (size_t i = begin; i < end; ++i) total += baskets[i].size();
    begins[part + 1] = total;
  });
  for (size_t part = 0; part < parts; ++part) begins[part + 1] += begins[part];
  return begins;
}

template <class Code, class Count>
class ListMaker {
 public:
  using Row = ListRow<Code, Count>;

  ListMaker(const BasketView& baskets, const FrequentItems& items, uint32_t min_size, int threads)
      : baskets_(baskets),
        codes_(items.items),
        size_(static_cast<uint32_t>(items.items.size())),
        min_size_(min_size),
        parts_(PartsFor(baskets.size(), threads)) {}

  // Returns the bytes that were written.
  int64_t Make(LargeArray<Code>* rows, RootLists* lists) {
    // A code more than needed for what Translate writes behind a row.
    const std::vector<uint64_t> begins = PartBegins(baskets_, parts_.size(), Row::kHeader);
    *rows = LargeArray<Code>(begins.back() + 1);
    InParts(parts_.size(), baskets_.size(), [&](size_t part, size_t begin, size_t end) {
      parts_[part].first_place = static_cast<uint32_t>(begins[part]) + Row::kFirstPlace;
      MakeRows(begin, end, rows->data(), &parts_[part]);
    });
    lists->begins.assign(size_t{size_} + 1, 0);
    uint32_t next = 0;
    for (uint32_t code = 0; code < size_; ++code) {
      lists->begins[code] = next;
      for (Part& part : parts_) next += std::exchange(part.next_of[code], next);
    }
    lists->begins[size_] = next;
    lists->places = LargeArray<uint32_t>(next);
    InParts(parts_.size(), parts_.size(), [&](size_t part, size_t, size_t) {
      ListRows(rows->data(), &parts_[part], lists->places.data());
    });
    for (const Part& part : parts_) lists->row_count += part.row_count;
    return static_cast<int64_t>(next * (sizeof(Code) + sizeof(uint32_t)) +
                                lists->row_count * Row::kHeader * sizeof(Code));
  }

 private:
  struct Part {
    uint32_t first_place = 0;
    uint32_t row_count = 0;
    std::vector<uint32_t> next_of;  // By code: rows that hold it, then where its next one goes.
  };

  void MakeRows(size_t begin, size_t end, Code* rows, Part* part) {
    std::vector<uint32_t> held(size_);
    uint32_t place = part->first_place;
    for (size_t i = begin; i < end; ++i) {
      Code* const row = rows + place;
      const uint32_t size = codes_.Translate(baskets_[i], row + 1);
      if (size < min_size_) continue;
      Sort(row + 1, size);
      *row = static_cast<Code>(size);
      Row::SetWeight(row, static_cast<Count>(baskets_.weight(i)));
      for (uint32_t c = 1; c <= size; ++c) ++held[row[c]];
      place = Row::NextPlace(place, size);
      ++part->row_count;
    }
    part->next_of = std::move(held);
  }

  void ListRows(const Code* rows, Part* part, uint32_t* places) {
    uint32_t place = part->first_place;
    for (uint32_t r = 0; r < part->row_count; ++r) {
      const Code* const row = rows + place;
      for (const Code* at = Row::begin(row); at != Row::end(row); ++at) {
        places[part->next_of[*at]++] = place;
      }
      place = Row::NextPlace(place, *row);
    }
  }

  const BasketView& baskets_;
  const CodeTable<Code> codes_;
  const uint32_t size_;
  const uint32_t min_size_;
  std::vector<Part> parts_;
};

// The columns of a part begin at a multiple of 512, so that no two parts share a word.
RootBits MakeBits(const BasketView& baskets, const FrequentItems& items, uint32_t min_size,
                  int threads) {
  constexpr size_t kAligned = 512;
  const CodeTable<uint32_t> codes(items.items);
  const size_t parts = PartsFor(baskets.size(), threads);
  RootBits bits;
  int64_t heaviest = 1;
  if (!baskets.weights.empty()) {
    for (size_t i = 0; i < baskets.size(); ++i) heaviest = std::max(heaviest, baskets.weight(i));
    bits.plane_count = PlanesFor(heaviest);
  }
  const size_t part_columns = (baskets.size() / parts + 1 + kAligned - 1) / kAligned * kAligned;
  bits.words = parts * part_columns / 64;
  const size_t rows = items.items.size() + bits.plane_count;
  bits.rows = LargeArray<uint64_t>(rows * bits.words);
  InParts(parts, baskets.size(), [&](size_t part, size_t begin, size_t end) {
    uint64_t* const first = bits.rows.data() + part * part_columns / 64;
    for (size_t row = 0; row < rows; ++row) {
      std::memset(first + row * bits.words, 0, part_columns / 8);
    }
    std::vector<uint32_t> basket;
    size_t column = 0;
    for (size_t i = begin; i < end; ++i) {
      if (basket.size() <= baskets[i].size()) basket.resize(2 * baskets[i].size() + 1);
      const uint32_t size = codes.Translate(baskets[i], basket.data());
      if (size < min_size) continue;
      uint64_t* const word = first + column / 64;
      const uint64_t bit = uint64_t{1} << column % 64;
      for (uint32_t c = 0; c < size; ++c) word[basket[c] * bits.words] |= bit;
      if (bits.plane_count > 0) {
        SetWeight(baskets.weight(i), column, first + items.items.size() * bits.words, bits.words);
      }
      ++column;
    }
  });
  return bits;
}

// Items of all baskets that have a code.
uint64_t Entries(const BasketView& baskets, const FrequentItems& items) {
  uint64_t entries = 0;
  if (baskets.weights.empty()) {
    for (const int64_t count : items.counts) entries += static_cast<uint64_t>(count);
    return entries;
  }
  const CodeTable<uint32_t> codes(items.items);
  std::vector<uint32_t> basket;
  for (size_t i = 0; i < baskets.size(); ++i) {
    basket.resize(std::max(basket.size(), baskets[i].size() + 1));
    entries += codes.Translate(baskets[i], basket.data());
  }
  return entries;
}

}  // namespace

SearchRoot MakeSearchRoot(const BasketView& baskets, FrequentItems items,
                          std::optional<RootPairs> pairs, uint32_t min_size, int threads) {
  SearchRoot root;
  root.items = std::move(items);
  root.is_weighted = !baskets.weights.empty();
  root.pairs = std::move(pairs);
  const auto size = static_cast<uint32_t>(root.items.items.size());
  const Projection whole = {.rows = static_cast<uint32_t>(baskets.size()),
                            .entries = Entries(baskets, root.items),
                            .codes = size,
                            .pairs = root.pairs ? root.pairs->codes.size() : AllPairs(size, size),
                            .max_bytes = uint64_t{16} << 20};
  if (BitsAreCheaper(whole)) {
    root.bits = MakeBits(baskets, root.items, min_size, threads);
    root.memory_bytes =
        static_cast<int64_t>((size + root.bits->plane_count) * root.bits->words * sizeof(uint64_t));
    return root;
  }
  RootLists& lists = root.lists.emplace();
  lists.is_narrow = baskets.weights.empty() && size < UINT16_MAX;
  if (!baskets.weights.empty()) {
    root.memory_bytes = ListMaker<uint32_t, int64_t>(baskets, root.items, min_size, threads)
                            .Make(&lists.wide, &lists);
  } else if (lists.is_narrow) {
    root.memory_bytes = ListMaker<uint16_t, uint32_t>(baskets, root.items, min_size, threads)
                            .Make(&lists.narrow, &lists);
  } else {
    root.memory_bytes = ListMaker<uint32_t, uint32_t>(baskets, root.items, min_size, threads)
                            .Make(&lists.wide, &lists);
  }
  return root;
}

}  // namespace clustr::mining
