// Compares rules with the reference miner on inputs from libFuzzer. The first four bytes are the
// minimum count, confidence and lift and the maximum sizes of sets and consequents; each further
// byte is a basket of items 0 to 7.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "services/bundles/mining/reference/reference_miner.h"
#include "services/bundles/mining/rules.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {
namespace {

void Check(const uint8_t* data, size_t size) {
  if (size < 4) return;
  OwnedBaskets baskets;
  for (size_t i = 4; i < size; ++i) {
    std::vector<Item> basket;
    for (uint32_t mask = data[i]; mask != 0; mask &= mask - 1) {
      basket.push_back(static_cast<Item>(std::countr_zero(mask)));
    }
    baskets.Add(basket);
  }
  const Thresholds thresholds = {.min_support = 0,
                                 .min_confidence = data[1] / 255.0,
                                 .min_lift = data[2] / 64.0,
                                 .min_count = 1 + data[0] % 16,
                                 .max_items = 2 + data[3] % 4,
                                 .max_consequents = data[3] / 4 % 4};
  const absl::StatusOr<RuleSet> rules =
      MineRules(baskets.view(), {.thresholds = thresholds, .basket_count = baskets.non_empty()});
  if (!rules.ok() ||
      Sorted(*rules) != *MineReferenceRules(baskets.tid_lists(), baskets.non_empty(), thresholds)) {
    std::abort();
  }
}

}  // namespace
}  // namespace clustr::mining

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::mining::Check(data, size);
  return 0;
}
