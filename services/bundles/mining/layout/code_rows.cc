#include "services/bundles/mining/layout/code_rows.h"

#include <algorithm>
#include <vector>

#include "services/bundles/mining/base/in_parts.h"

namespace clustr::mining {
namespace {

template <class Code>
std::unique_ptr<Code[]> FillRows(const Vertical& vertical, int threads) {
  auto codes = std::make_unique_for_overwrite<Code[]>(vertical.begins.back() + size_t{1});
  const auto fill = [&](size_t, size_t begin, size_t end) {
    std::vector<uint32_t> ends(vertical.row_begins.get() + begin, vertical.row_begins.get() + end);
    for (uint32_t code = 0; code < vertical.items.size(); ++code) {
      const uint32_t* const last = vertical.holders.get() + vertical.begins[code + 1];
      const uint32_t* const first = vertical.holders.get() + vertical.begins[code];
      const uint32_t* at = std::lower_bound(first, last, static_cast<uint32_t>(begin));
      for (; at != last && *at < end; ++at) codes[ends[*at - begin]++] = static_cast<Code>(code);
    }
  };
  InParts(PartsFor(vertical.basket_count, threads), vertical.basket_count, fill);
  return codes;
}

}  // namespace

CodeRows MakeCodeRows(const BasketView& baskets, const Vertical& vertical, int threads) {
  CodeRows rows;
  if (baskets.weights.empty() && vertical.items.size() <= UINT16_MAX) {
    rows.narrow = FillRows<uint16_t>(vertical, threads);
  } else {
    rows.wide = FillRows<uint32_t>(vertical, threads);
  }
  return rows;
}

}  // namespace clustr::mining
