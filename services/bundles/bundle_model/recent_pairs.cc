#include "services/bundles/bundle_model/recent_pairs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <thread>
#include <utility>

#include "services/bundles/index/queries.h"

namespace clustr::bundle_model {
namespace {

using index::Slot;

// Code c > 0 stands for amounts up to kLeast * 2^(c / kPerOctave), and 0 for those up to kLeast.
constexpr int kPerOctave = 11;
constexpr double kLeast = 0.25;
constexpr int kMantissaBits = 7;

std::array<double, 256> MakeValues() {
  std::array<double, 256> values;
  for (int code = 0; code < 256; ++code) {
    values[code] = kLeast * std::exp2(static_cast<double>(code) / kPerOctave) * (1 + 1e-9);
  }
  values[255] = HUGE_VAL;  // Whatever is larger.
  return values;
}

// Indexed by the first bits of a mantissa: the codes that the largest such number is above a power
// of two.
std::array<uint8_t, 1 << kMantissaBits> MakeFractions() {
  std::array<uint8_t, 1 << kMantissaBits> fractions;
  for (size_t i = 0; i < fractions.size(); ++i) {
    const double largest = 1 + static_cast<double>(i + 1) / (1 << kMantissaBits);
    fractions[i] = static_cast<uint8_t>(std::ceil(kPerOctave * std::log2(largest)));
  }
  return fractions;
}

// The code of the least value that is not below `units`.
uint8_t CodeOf(uint64_t units, const std::array<uint8_t, 1 << kMantissaBits>& fractions) {
  const auto ratio = static_cast<float>(Recency::PurchasesOf(units) / kLeast);
  if (ratio < 1) return 0;
  const auto bits = std::bit_cast<uint32_t>(ratio);
  const int octaves = static_cast<int>(bits >> 23) - 127;
  const int code =
      kPerOctave * octaves + fractions[bits >> (23 - kMantissaBits) & ((1 << kMantissaBits) - 1)];
  return static_cast<uint8_t>(std::min(code, 255));
}

}  // namespace

RecentPairs::RecentPairs(const index::Snapshot& snapshot, const RecentCounts& recent)
    : snapshot_(snapshot),
      recent_(recent),
      codes_(snapshot.item_count()),
      ready_(snapshot.item_count()) {}

double RecentPairs::ValueOf(uint8_t code) {
  static const std::array<double, 256> kValues = MakeValues();
  return kValues[code];
}

void RecentPairs::Fill(Item item, std::vector<uint64_t>* sums) const {
  static const std::array<uint8_t, 1 << kMantissaBits> kFractions = MakeFractions();
  sums->assign(item + 1, 0);
  uint64_t* const sum = sums->data();
  index::ForEachBasket(snapshot_, recent_.everything(), {item}, [&](Slot slot) {
    const uint64_t units = recent_.recency().UnitsOf(snapshot_.epoch_day(slot));
    for (const Item other : snapshot_.items(slot)) {
      if (other >= item) break;
      sum[other] += units;
    }
  });
  auto codes = std::make_unique<uint8_t[]>(item);
  for (Item other = 0; other < item; ++other) codes[other] = CodeOf(sum[other], kFractions);
  codes_[item] = std::move(codes);
  ready_[item].store(true, std::memory_order_release);
}

absl::Status RecentPairs::Prepare(absl::Span<const uint8_t> wanted_items, int threads,
                                  scoring::Wanted wanted) const {
  const auto missing = [&](Item item) {
    return wanted_items[item] != 0 && !ready_[item].load(std::memory_order_acquire);
  };
  const size_t count = std::min(wanted_items.size(), ready_.size());
  std::vector<Item> items;
  for (Item item = 0; item < count; ++item) {
    if (missing(item)) items.push_back(item);
  }
  if (items.empty()) return absl::OkStatus();
  const std::lock_guard lock(mutex_);
  std::atomic<size_t> next{0};
  std::atomic<bool> stopped{false};
  const auto fill = [&](absl::FunctionRef<bool()> go_on) {
    std::vector<uint64_t> sums;
    while (!stopped.load(std::memory_order_relaxed)) {
      const size_t i = next.fetch_add(1);
      if (i >= items.size()) return;
      if (missing(items[i])) Fill(items[i], &sums);  // Another call may have.
      if (!go_on()) stopped = true;
    }
  };
  constexpr size_t kItemsPerThread = 100;
  const size_t others = std::min<size_t>(threads - 1, items.size() / kItemsPerThread);
  std::vector<std::thread> helpers;
  for (size_t i = 0; i < others; ++i) {
    helpers.emplace_back([&] { fill([] { return true; }); });
  }
  absl::Status status;
  fill([&] {
    status = wanted();
    return status.ok();
  });
  for (std::thread& helper : helpers) helper.join();
  return status;
}

}  // namespace clustr::bundle_model
