// Measures the mining kernel on generated baskets, or writes these in FIMI format as input for
// another miner.
//   mining_bench time BASKETS ITEMS MEAN_SIZE SKEW PATTERNS MIN_COUNT [THREADS=1]
//   mining_bench write BASKETS ITEMS MEAN_SIZE SKEW PATTERNS
// Items are drawn with probabilities proportional to 1 / rank^SKEW. Half of a basket comes from one
// of PATTERNS sets that are bought together.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "services/bundles/mining/itemsets.h"

namespace clustr::mining {
namespace {

struct Shape {
  size_t baskets;
  size_t items;
  double mean_size;
  double skew;
  size_t patterns;
};

struct Baskets {
  std::vector<Item> items;
  std::vector<uint64_t> offsets = {0};
};

// Draws only integers from the standard library, so that every machine makes the same baskets.
class Draw {
 public:
  double Share() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  size_t Below(size_t bound) { return random_() % bound; }
  size_t Poisson(double mean) {
    size_t count = 0;
    for (double left = std::exp(-mean), product = Share(); product > left; product *= Share()) {
      ++count;
    }
    return count;
  }
  Item Ranked(const std::vector<double>& cumulative) {
    const auto at =
        std::upper_bound(cumulative.begin(), cumulative.end(), Share() * cumulative.back());
    return static_cast<Item>(std::min<size_t>(at - cumulative.begin(), cumulative.size() - 1));
  }

 private:
  std::mt19937_64 random_{1};
};

Baskets Make(const Shape& shape) {
  Draw draw;
  std::vector<double> cumulative;
  double sum = 0;
  for (size_t rank = 1; rank <= shape.items; ++rank) {
    cumulative.push_back(sum += std::pow(static_cast<double>(rank), -shape.skew));
  }
  std::vector<std::vector<Item>> patterns(shape.patterns);
  for (std::vector<Item>& pattern : patterns) {
    const size_t size = 2 + draw.Poisson(shape.mean_size / 2);
    for (size_t i = 0; i < size; ++i) pattern.push_back(draw.Ranked(cumulative));
  }
  Baskets made;
  std::vector<Item> basket;
  for (size_t i = 0; i < shape.baskets; ++i) {
    basket.clear();
    const size_t single = 1 + draw.Poisson(shape.mean_size / 2);
    for (size_t k = 0; k < single; ++k) basket.push_back(draw.Ranked(cumulative));
    if (!patterns.empty()) {
      for (const Item item : patterns[draw.Below(patterns.size())]) {
        if (draw.Below(4) != 0) basket.push_back(item);
      }
    }
    std::sort(basket.begin(), basket.end());
    basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
    made.items.insert(made.items.end(), basket.begin(), basket.end());
    made.offsets.push_back(made.items.size());
  }
  return made;
}

double CpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void Write(const Baskets& baskets) {
  for (size_t i = 0; i + 1 < baskets.offsets.size(); ++i) {
    for (uint64_t k = baskets.offsets[i]; k < baskets.offsets[i + 1]; ++k) {
      std::printf(k == baskets.offsets[i] ? "%u" : " %u", baskets.items[k]);
    }
    std::printf("\n");
  }
}

void TimeSearch(const Baskets& baskets, int64_t min_count, int threads) {
  std::vector<double> seconds;
  size_t found = 0;
  for (int round = 0; round < 5; ++round) {
    const double start = CpuSeconds();
    found = 0;
    const absl::Status status =
        MineItemsets({baskets.items, baskets.offsets},
                     {.min_count = min_count, .max_size = INT32_MAX, .threads = threads},
                     [&](absl::Span<const Item>, int64_t) { ++found; });
    if (!status.ok()) std::printf("%s\n", std::string(status.message()).c_str());
    seconds.push_back(CpuSeconds() - start);
  }
  std::sort(seconds.begin(), seconds.end());
  std::printf("%zu baskets, %zu lines: %zu itemsets, median of 5 %.4f CPU s\n",
              baskets.offsets.size() - 1, baskets.items.size(), found, seconds[2]);
}

int Main(int argc, char** argv) {
  const bool time = argc > 7 && std::string(argv[1]) == "time";
  if (!time && (argc != 7 || std::string(argv[1]) != "write")) {
    std::fprintf(stderr, "usage: see the head of mining_bench.cc\n");
    return 2;
  }
  const Baskets baskets =
      Make({std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10),
            std::atof(argv[4]), std::atof(argv[5]), std::strtoull(argv[6], nullptr, 10)});
  if (time) {
    TimeSearch(baskets, std::atoll(argv[7]), argc > 8 ? std::atoi(argv[8]) : 1);
  } else {
    Write(baskets);
  }
  return 0;
}

}  // namespace
}  // namespace clustr::mining

int main(int argc, char** argv) { return clustr::mining::Main(argc, argv); }
