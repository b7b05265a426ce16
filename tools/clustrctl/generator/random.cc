#include "tools/clustrctl/generator/random.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace clustr::generator {

uint64_t Random::Next() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

Weighted::Weighted(const std::vector<double>& weights) : slots_(weights.size()) {
  double total = 0;
  for (double weight : weights) total += weight;
  const double scale = static_cast<double>(weights.size()) / total;
  std::vector<double> height;
  std::vector<uint32_t> low;
  std::vector<uint32_t> high;
  for (uint32_t i = 0; i < weights.size(); ++i) {
    height.push_back(weights[i] * scale);
    (height[i] < 1 ? low : high).push_back(i);
    slots_[i] = {UINT32_MAX, i};
  }
  while (!low.empty() && !high.empty()) {
    const uint32_t small = low.back();
    const uint32_t large = high.back();
    low.pop_back();
    slots_[small] = {static_cast<uint32_t>(height[small] * 4294967295.0), large};
    height[large] -= 1 - height[small];
    if (height[large] >= 1) continue;
    high.pop_back();
    low.push_back(large);
  }
}

uint32_t Weighted::Draw(Random& random) const {
  const uint64_t bits = random.Next();
  const auto slot = static_cast<uint32_t>((bits >> 32) * slots_.size() >> 32);
  return static_cast<uint32_t>(bits) <= slots_[slot].threshold ? slot : slots_[slot].alias;
}

std::vector<double> ZipfWeights(size_t count, double offset) {
  std::vector<double> weights(count);
  for (size_t rank = 0; rank < count; ++rank) weights[rank] = 1.0 / (rank + offset);
  return weights;
}

std::vector<uint32_t> Permutation(uint32_t count, Random& random) {
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (uint32_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
  return order;
}

}  // namespace clustr::generator
