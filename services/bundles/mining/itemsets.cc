#include "services/bundles/mining/itemsets.h"

#include "absl/strings/str_cat.h"
#include "services/bundles/mining/search.h"
#include "services/bundles/mining/vertical.h"

namespace clustr::mining {
namespace {

absl::Status Validate(const BasketView& baskets, const ItemsetQuery& query) {
  if (query.min_count < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("min_count: ", query.min_count, " is below 1; give 1 or more"));
  }
  if (query.min_size < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("min_size: ", query.min_size, " is below 1; give 1 or more"));
  }
  if (query.max_size < query.min_size) {
    return absl::InvalidArgumentError(absl::StrCat("max_size: ", query.max_size,
                                                   " is below min_size ", query.min_size,
                                                   "; give at least min_size"));
  }
  if (query.max_itemsets < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_itemsets: ", query.max_itemsets, " is below 0; give 0 or more"));
  }
  if (baskets.items.size() > UINT32_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(
        "baskets: ", baskets.items.size(), " items are more than 2^32 - 1; mine a part of them"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MineItemsets(const BasketView& baskets, const ItemsetQuery& query, ItemsetSink sink) {
  if (absl::Status s = Validate(baskets, query); !s.ok()) return s;
  const SearchQuery search = {query.min_count, query.max_size, query.target};
  ItemsetStream stream(sink, query.min_size, query.max_size, query.max_itemsets);
  const Vertical vertical = BuildVertical(baskets, query.min_count, /*with_holders=*/true);
  Search(
      SupportedInstructionSets().back(), {baskets, vertical, search}, [](uint32_t) { return true; },
      stream);
  if (stream.exhausted()) {
    return absl::ResourceExhaustedError(
        "more itemsets are frequent than the limit; raise the least count");
  }
  return absl::OkStatus();
}

}  // namespace clustr::mining
