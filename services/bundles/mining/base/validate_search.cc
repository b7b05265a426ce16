#include "services/bundles/mining/base/validate_search.h"

#include "absl/strings/str_cat.h"

namespace clustr::mining {

absl::Status ValidateSearch(const BasketView& baskets, int64_t max_itemsets, int threads) {
  if (max_itemsets < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_itemsets: ", max_itemsets, " is below 0; give 0 or more"));
  }
  if (threads < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("threads: ", threads, " is below 1; give 1 or more"));
  }
  if (!FitsSearch(baskets)) {
    return absl::InvalidArgumentError(
        absl::StrCat("baskets: ", baskets.items.size(), " items plus 3 times ", baskets.size(),
                     " baskets exceed 2^32 - 1; mine fewer baskets at a time"));
  }
  return absl::OkStatus();
}

}  // namespace clustr::mining
