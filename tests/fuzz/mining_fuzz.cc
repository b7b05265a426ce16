// Compares the search for itemsets with brute force on inputs from libFuzzer. The first byte is
// min_count, the second one selects the target and the instruction set, and each further byte is a
// basket of items 0 to 7.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

#include "services/bundles/mining/search/itemset_search.h"

namespace clustr::mining {
namespace {

using Counts = std::map<uint32_t, int64_t>;  // Indexed by set, as a bit mask.

Counts BruteForce(const uint8_t* baskets, size_t size, int64_t min_count, Target target) {
  Counts all;
  for (uint32_t set = 1; set < 256; ++set) {
    const int64_t count = std::count_if(baskets, baskets + size,
                                        [&](uint8_t basket) { return (basket & set) == set; });
    if (count >= min_count) all.emplace(set, count);
  }
  if (target == Target::kAll) return all;
  Counts wanted = all;
  for (const auto& [set, count] : all) {
    for (uint32_t item = 0; item < 8; ++item) {
      const auto larger = all.find(set | 1u << item);
      if (larger == all.end() || larger->first == set) continue;
      if (target == Target::kMaximal || larger->second == count) wanted.erase(set);
    }
  }
  return wanted;
}

void Check(const uint8_t* data, size_t size) {
  if (size < 2) return;
  const int64_t min_count = std::max<int64_t>(1, data[0]);
  const auto target = static_cast<Target>(data[1] % 3);
  const std::vector<InstructionSet> supported = SupportedInstructionSets();
  const InstructionSet instructions = supported[data[1] / 3 % supported.size()];
  std::vector<Item> items;
  std::vector<uint64_t> offsets = {0};
  for (size_t i = 2; i < size; ++i) {
    for (uint32_t mask = data[i]; mask != 0; mask &= mask - 1) {
      items.push_back(static_cast<Item>(std::countr_zero(mask)));
    }
    offsets.push_back(items.size());
  }
  Counts found;
  const auto sink = [&](absl::Span<const Item> set, int64_t count) {
    uint32_t mask = 0;
    for (const Item item : set) mask |= 1u << item;
    if (!found.emplace(mask, count).second) std::abort();
  };
  SinkStream stream(sink, min_count, 1, 8, INT64_MAX);
  const BasketView baskets = {items, offsets};
  const MiningLimits limits;
  const absl::Status status = RunItemsetSearch(
      {.baskets = baskets, .target = target, .limits = limits, .instructions = instructions},
      stream);
  if (!status.ok() || found != BruteForce(data + 2, size - 2, min_count, target)) std::abort();
}

}  // namespace
}  // namespace clustr::mining

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::mining::Check(data, size);
  return 0;
}
