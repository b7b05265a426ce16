#include "services/bundles/training/links/linear_links.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "services/bundles/training/links/symmetric_inverse.h"

namespace clustr::training {
namespace {

using products::ProductLinks;

constexpr uint32_t kWeightUnits = 256;
constexpr uint32_t kMinSets = 2;
constexpr ProductNumber kLeftOut = UINT32_MAX;

// The sums of weights over the sets that hold both i and j, for i >= j, in units of 1/256.
class WeightedPairs {
 public:
  explicit WeightedPairs(size_t size) : size_(size), sums_(size * size) {}

  void Add(absl::Span<const ProductNumber> numbers, uint32_t weight) {
    for (size_t i = 0; i < numbers.size(); ++i) {
      uint32_t* column = &sums_[numbers[i] * size_];
      for (size_t j = i; j < numbers.size(); ++j) column[numbers[j]] += weight;
    }
  }

  // The lower triangle, column by column, with `diagonal` added to it; as real numbers.
  SymmetricMatrix Finish(double diagonal) && {
    SymmetricMatrix matrix{size_, std::vector<float>(sums_.size())};
    for (size_t i = 0; i < sums_.size(); ++i) {
      matrix.values[i] = static_cast<float>(sums_[i]) / kWeightUnits;
    }
    for (size_t i = 0; i < size_; ++i) {
      matrix.values[i * size_ + i] += static_cast<float>(diagonal);
    }
    return matrix;
  }

 private:
  const size_t size_;
  std::vector<uint32_t> sums_;
};

}  // namespace

std::vector<ProductNumber> LinearProducts(const ProductSets& sets, size_t product_count,
                                          size_t max_products) {
  std::vector<uint32_t> counts(product_count);
  for (const ProductNumber product : sets.products) ++counts[product];
  std::vector<ProductNumber> taken;
  for (ProductNumber product = 0; product < product_count; ++product) {
    if (counts[product] >= kMinSets) taken.push_back(product);
  }
  if (taken.size() > max_products) {
    std::stable_sort(taken.begin(), taken.end(),
                     [&](ProductNumber a, ProductNumber b) { return counts[a] > counts[b]; });
    taken.resize(max_products);
    std::sort(taken.begin(), taken.end());
  }
  return taken;
}

absl::StatusOr<ProductLinks> LinearLinks(const ProductSets& sets, size_t product_count,
                                         const LinearOptions& options, const Wanted& wanted) {
  const std::vector<ProductNumber> taken =
      LinearProducts(sets, product_count, options.max_products);
  std::vector<ProductNumber> place(product_count, kLeftOut);
  for (size_t i = 0; i < taken.size(); ++i) place[taken[i]] = static_cast<ProductNumber>(i);

  WeightedPairs pairs(taken.size());
  double total_weight = 0;
  std::vector<ProductNumber> numbers;
  for (size_t i = 0; i < sets.size(); ++i) {
    numbers.clear();
    for (const ProductNumber product : sets.set(i)) {
      if (place[product] != kLeftOut) numbers.push_back(place[product]);
    }
    const double weight = std::pow(static_cast<double>(sets.set(i).size()), -options.size_exponent);
    const auto units = static_cast<uint32_t>(std::max(1.0, std::round(weight * kWeightUnits)));
    total_weight += static_cast<double>(units) / kWeightUnits;
    pairs.Add(numbers, units);
  }
  const double diagonal =
      sets.size() == 0 ? 1
                       : options.regularisation * total_weight / static_cast<double>(sets.size());
  SymmetricMatrix inverse = std::move(pairs).Finish(diagonal);
  if (absl::Status status = Invert(&inverse, wanted); !status.ok()) return status;

  ProductLinks links;
  std::vector<float> row(product_count);
  for (ProductNumber source = 0; source < product_count; ++source) {
    std::fill(row.begin(), row.end(), 0);
    if (const ProductNumber i = place[source]; i != kLeftOut) {
      for (size_t j = 0; j < taken.size(); ++j) {
        row[taken[j]] = -inverse.at(i, j) / inverse.at(j, j);
      }
    }
    AddStrongest(row, source, options.max_links, &links);
  }
  return links;
}

ProductLinks WithCosine(const ProductLinks& linear, const ProductLinks& cosine, double scale,
                        size_t max_links) {
  ProductLinks joint;
  std::vector<float> row(cosine.size());
  for (ProductNumber source = 0; source < cosine.size(); ++source) {
    std::fill(row.begin(), row.end(), 0);
    const bool has_own = !linear.row(source).targets.empty();
    const ProductLinks::Row near = cosine.row(source);
    for (size_t i = 0; i < near.targets.size(); ++i) {
      if (has_own && !linear.row(near.targets[i]).targets.empty()) continue;
      row[near.targets[i]] = static_cast<float>(scale) * near.weights[i];
    }
    const ProductLinks::Row own = linear.row(source);
    for (size_t i = 0; i < own.targets.size(); ++i) row[own.targets[i]] = own.weights[i];
    AddStrongest(row, source, max_links, &joint);
  }
  return joint;
}

}  // namespace clustr::training
