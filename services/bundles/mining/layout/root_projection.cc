#include "services/bundles/mining/layout/root_projection.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "services/bundles/mining/base/parallel_parts.h"
#include "services/bundles/mining/layout/bitmaps.h"
#include "services/bundles/mining/layout/horizontal_projection.h"
#include "services/bundles/mining/layout/strategy.h"

namespace clustr::mining {
namespace {

// Maps items to codes. An item without a code has the code `dropped`.
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

  // Writes the codes of `basket`, in the order of its items, to `out`, which has room for one code
  // more than the basket has items. Returns their number.
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

// Sorts up to kWidth distinct codes by counting for each of them how many are below it. No branch
// depends on the codes, and the compiler vectorizes the loop.
template <uint32_t kWidth, class Code>
void SortFew(Code* codes, uint32_t size) {
  // Signed, because plain x86-64 has vector comparisons for signed integers only.
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

// Offset at which each part of the baskets begins, then the end. A basket takes one for each of its
// items and `extra` more.
std::vector<uint64_t> PartBegins(const BasketView& baskets, size_t parts, uint32_t extra) {
  std::vector<uint64_t> begins(parts + 1);
  ForEachPart(parts, baskets.size(), [&](size_t part, size_t begin, size_t end) {
    uint64_t total = extra * (end - begin);
    for (size_t i = begin; i < end; ++i) total += baskets[i].size();
    begins[part + 1] = total;
  });
  for (size_t part = 0; part < parts; ++part) begins[part + 1] += begins[part];
  return begins;
}

template <class Code, class Count>
class BasketMaker {
 public:
  using Record = BasketRecord<Code, Count>;

  BasketMaker(const BasketView& baskets, const FrequentItems& frequent, uint32_t min_size,
              int threads)
      : baskets_(baskets),
        codes_(frequent.items),
        size_(static_cast<uint32_t>(frequent.items.size())),
        min_size_(min_size),
        parts_(PartCount(baskets.size(), threads)) {}

  // Returns the number of bytes written.
  int64_t Make(LargeArray<Code>* records, RootBaskets* horizontal) {
    // One code more than needed, because Translate may write behind the last record.
    const std::vector<uint64_t> begins = PartBegins(baskets_, parts_.size(), Record::kHeader);
    *records = LargeArray<Code>(begins.back() + 1);
    ForEachPart(parts_.size(), baskets_.size(), [&](size_t part, size_t begin, size_t end) {
      parts_[part].first_tid = static_cast<uint32_t>(begins[part]) + Record::kFirstTid;
      MakeRecords(begin, end, records->data(), &parts_[part]);
    });
    horizontal->begins.assign(size_t{size_} + 1, 0);
    uint32_t next = 0;
    for (uint32_t code = 0; code < size_; ++code) {
      horizontal->begins[code] = next;
      for (Part& part : parts_) next += std::exchange(part.next_of[code], next);
    }
    horizontal->begins[size_] = next;
    horizontal->tids = LargeArray<uint32_t>(next);
    ForEachPart(parts_.size(), parts_.size(), [&](size_t part, size_t, size_t) {
      ListTids(records->data(), &parts_[part], horizontal->tids.data());
    });
    for (const Part& part : parts_) horizontal->basket_count += part.basket_count;
    return static_cast<int64_t>(next * (sizeof(Code) + sizeof(uint32_t)) +
                                horizontal->basket_count * Record::kHeader * sizeof(Code));
  }

 private:
  struct Part {
    uint32_t first_tid = 0;
    uint32_t basket_count = 0;
    // Indexed by code: first the number of records that contain it, then the index of its next tid.
    std::vector<uint32_t> next_of;
  };

  void MakeRecords(size_t begin, size_t end, Code* records, Part* part) {
    std::vector<uint32_t> held(size_);
    uint32_t tid = part->first_tid;
    for (size_t i = begin; i < end; ++i) {
      Code* const record = records + tid;
      const uint32_t size = codes_.Translate(baskets_[i], record + 1);
      if (size < min_size_) continue;
      Sort(record + 1, size);
      *record = static_cast<Code>(size);
      Record::SetWeight(record, static_cast<Count>(baskets_.weight(i)));
      for (uint32_t c = 1; c <= size; ++c) ++held[record[c]];
      tid = Record::NextTid(tid, size);
      ++part->basket_count;
    }
    part->next_of = std::move(held);
  }

  void ListTids(const Code* records, Part* part, uint32_t* tids) {
    uint32_t tid = part->first_tid;
    for (uint32_t r = 0; r < part->basket_count; ++r) {
      const Code* const record = records + tid;
      for (const Code* at = Record::begin(record); at != Record::end(record); ++at) {
        tids[part->next_of[*at]++] = tid;
      }
      tid = Record::NextTid(tid, *record);
    }
  }

  const BasketView& baskets_;
  const CodeTable<Code> codes_;
  const uint32_t size_;
  const uint32_t min_size_;
  std::vector<Part> parts_;
};

// The bits of each part begin at a multiple of 512, so that no two parts share a word.
RootBitmaps MakeRootBitmaps(const BasketView& baskets, const FrequentItems& frequent,
                            uint32_t min_size, int threads) {
  constexpr size_t kAligned = 512;
  const CodeTable<uint32_t> codes(frequent.items);
  const size_t parts = PartCount(baskets.size(), threads);
  RootBitmaps vertical;
  int64_t heaviest = 1;
  if (!baskets.weights.empty()) {
    for (size_t i = 0; i < baskets.size(); ++i) heaviest = std::max(heaviest, baskets.weight(i));
    vertical.plane_count = PlanesFor(heaviest);
  }
  const size_t part_columns = (baskets.size() / parts + 1 + kAligned - 1) / kAligned * kAligned;
  vertical.words = parts * part_columns / 64;
  const size_t bitmaps = frequent.items.size() + vertical.plane_count;
  vertical.bitmaps = LargeArray<uint64_t>(bitmaps * vertical.words);
  ForEachPart(parts, baskets.size(), [&](size_t part, size_t begin, size_t end) {
    uint64_t* const first = vertical.bitmaps.data() + part * part_columns / 64;
    for (size_t bitmap = 0; bitmap < bitmaps; ++bitmap) {
      std::memset(first + bitmap * vertical.words, 0, part_columns / 8);
    }
    std::vector<uint32_t> basket;
    size_t column = 0;
    for (size_t i = begin; i < end; ++i) {
      if (basket.size() <= baskets[i].size()) basket.resize(2 * baskets[i].size() + 1);
      const uint32_t size = codes.Translate(baskets[i], basket.data());
      if (size < min_size) continue;
      uint64_t* const word = first + column / 64;
      const uint64_t bit = uint64_t{1} << column % 64;
      for (uint32_t c = 0; c < size; ++c) word[basket[c] * vertical.words] |= bit;
      if (vertical.plane_count > 0) {
        SetWeight(baskets.weight(i), column, first + frequent.items.size() * vertical.words,
                  vertical.words);
      }
      ++column;
    }
  });
  return vertical;
}

// Number of codes in all baskets together.
uint64_t Entries(const BasketView& baskets, const FrequentItems& frequent) {
  uint64_t entries = 0;
  if (baskets.weights.empty()) {
    for (const int64_t count : frequent.counts) entries += static_cast<uint64_t>(count);
    return entries;
  }
  const CodeTable<uint32_t> codes(frequent.items);
  std::vector<uint32_t> basket;
  for (size_t i = 0; i < baskets.size(); ++i) {
    basket.resize(std::max(basket.size(), baskets[i].size() + 1));
    entries += codes.Translate(baskets[i], basket.data());
  }
  return entries;
}

}  // namespace

RootProjection MakeRootProjection(const BasketView& baskets, FrequentItems frequent,
                                  std::optional<RootPairs> pairs, uint32_t min_size, int threads) {
  RootProjection root;
  root.frequent = std::move(frequent);
  root.is_weighted = !baskets.weights.empty();
  root.pairs = std::move(pairs);
  const auto size = static_cast<uint32_t>(root.frequent.items.size());
  const ProjectionShape whole = {
      .baskets = static_cast<uint32_t>(baskets.size()),
      .entries = Entries(baskets, root.frequent),
      .extension_count = size,
      .pairs = root.pairs ? root.pairs->codes.size() : AllPairs(size, size),
      .max_bytes = uint64_t{16} << 20};
  if (BitmapsAreCheaper(whole)) {
    root.vertical = MakeRootBitmaps(baskets, root.frequent, min_size, threads);
    root.memory_bytes = static_cast<int64_t>((size + root.vertical->plane_count) *
                                             root.vertical->words * sizeof(uint64_t));
    return root;
  }
  RootBaskets& horizontal = root.horizontal.emplace();
  horizontal.is_narrow = baskets.weights.empty() && size < UINT16_MAX;
  if (!baskets.weights.empty()) {
    root.memory_bytes = BasketMaker<uint32_t, int64_t>(baskets, root.frequent, min_size, threads)
                            .Make(&horizontal.wide, &horizontal);
  } else if (horizontal.is_narrow) {
    root.memory_bytes = BasketMaker<uint16_t, uint32_t>(baskets, root.frequent, min_size, threads)
                            .Make(&horizontal.narrow, &horizontal);
  } else {
    root.memory_bytes = BasketMaker<uint32_t, uint32_t>(baskets, root.frequent, min_size, threads)
                            .Make(&horizontal.wide, &horizontal);
  }
  return root;
}

}  // namespace clustr::mining
