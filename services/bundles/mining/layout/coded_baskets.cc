#include "services/bundles/mining/layout/coded_baskets.h"

#include <algorithm>
#include <vector>

#include "services/bundles/mining/base/parallel_parts.h"

namespace clustr::mining {
namespace {

template <class Code>
std::unique_ptr<Code[]> FillBaskets(const TidLists& tid_lists, int threads) {
  auto codes = std::make_unique_for_overwrite<Code[]>(tid_lists.begins.back() + size_t{1});
  const auto fill = [&](size_t, size_t begin, size_t end) {
    std::vector<uint32_t> ends(tid_lists.basket_begins.get() + begin,
                               tid_lists.basket_begins.get() + end);
    for (uint32_t code = 0; code < tid_lists.frequent.items.size(); ++code) {
      const uint32_t* const last = tid_lists.tids.get() + tid_lists.begins[code + 1];
      const uint32_t* const first = tid_lists.tids.get() + tid_lists.begins[code];
      const uint32_t* at = std::lower_bound(first, last, static_cast<uint32_t>(begin));
      for (; at != last && *at < end; ++at) codes[ends[*at - begin]++] = static_cast<Code>(code);
    }
  };
  ForEachPart(PartCount(tid_lists.basket_count, threads), tid_lists.basket_count, fill);
  return codes;
}

}  // namespace

CodedBaskets MakeCodedBaskets(const BasketView& baskets, const TidLists& tid_lists, int threads) {
  CodedBaskets coded;
  if (baskets.weights.empty() && tid_lists.frequent.items.size() <= UINT16_MAX) {
    coded.narrow = FillBaskets<uint16_t>(tid_lists, threads);
  } else {
    coded.wide = FillBaskets<uint32_t>(tid_lists, threads);
  }
  return coded;
}

}  // namespace clustr::mining
