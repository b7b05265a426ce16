#include "services/bundles/training/links/cosine_links.h"

#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"

namespace clustr::training {
namespace {

using products::ProductLinks;

constexpr size_t kRowsPerCheck = 64;

// The numbers of the sets that hold each product.
struct Postings {
  std::vector<uint64_t> begins;
  std::vector<uint32_t> sets;
};

Postings PostingsOf(const ProductSets& sets, size_t product_count) {
  Postings postings;
  postings.begins.resize(product_count + 1);
  for (const ProductNumber product : sets.products) ++postings.begins[product + 1];
  std::partial_sum(postings.begins.begin(), postings.begins.end(), postings.begins.begin());
  postings.sets.resize(sets.products.size());
  std::vector<uint64_t> next(postings.begins.begin(), postings.begins.end() - 1);
  for (size_t i = 0; i < sets.size(); ++i) {
    for (const ProductNumber product : sets.set(i)) {
      postings.sets[next[product]++] = static_cast<uint32_t>(i);
    }
  }
  return postings;
}

// For each product a, gives `finish` the sums of `weights` over the sets that hold both a and b, by
// b. `finish` turns them into the weights of the links from a.
absl::StatusOr<ProductLinks> CountRows(
    const ProductSets& sets, size_t product_count, absl::Span<const double> weights,
    size_t max_links, const Wanted& wanted,
    absl::FunctionRef<void(ProductNumber, absl::Span<const double>, std::vector<float>*)> finish) {
  const Postings postings = PostingsOf(sets, product_count);
  ProductLinks links;
  std::vector<double> together(product_count);
  std::vector<float> row(product_count);
  for (ProductNumber a = 0; a < product_count; ++a) {
    if (a % kRowsPerCheck == 0) {
      if (absl::Status status = wanted(); !status.ok()) return status;
    }
    together.assign(product_count, 0);
    for (uint64_t i = postings.begins[a]; i < postings.begins[a + 1]; ++i) {
      const uint32_t set = postings.sets[i];
      for (const ProductNumber b : sets.set(set)) together[b] += weights[set];
    }
    finish(a, together, &row);
    AddStrongest(row, a, max_links, &links);
  }
  return links;
}

}  // namespace

absl::StatusOr<ProductLinks> CosineLinks(const ProductSets& sets, size_t product_count,
                                         double size_exponent, size_t max_links,
                                         const Wanted& wanted) {
  std::vector<double> weights;
  std::vector<double> alone(product_count);  // together(a, a)
  for (size_t i = 0; i < sets.size(); ++i) {
    weights.push_back(std::pow(static_cast<double>(sets.set(i).size()), -size_exponent));
    for (const ProductNumber product : sets.set(i)) alone[product] += weights.back();
  }
  std::vector<double> scale(product_count);
  for (size_t i = 0; i < product_count; ++i) scale[i] = alone[i] > 0 ? 1 / std::sqrt(alone[i]) : 0;
  return CountRows(
      sets, product_count, weights, max_links, wanted,
      [&](ProductNumber a, absl::Span<const double> together, std::vector<float>* row) {
        for (size_t b = 0; b < product_count; ++b) {
          (*row)[b] = static_cast<float>(together[b] * scale[a] * scale[b]);
        }
      });
}

absl::StatusOr<ProductLinks> RuleLinks(const ProductSets& sets, size_t product_count,
                                       RuleMeasure measure, size_t max_links,
                                       const Wanted& wanted) {
  const std::vector<double> weights(sets.size(), 1);
  std::vector<double> scale(product_count, 1);
  if (measure == RuleMeasure::kLift) {
    std::vector<double> counts(product_count);
    for (const ProductNumber product : sets.products) ++counts[product];
    for (size_t i = 0; i < product_count; ++i) {
      scale[i] = counts[i] > 0 ? static_cast<double>(sets.size()) / counts[i] : 0;
    }
  }
  return CountRows(
      sets, product_count, weights, max_links, wanted,
      [&](ProductNumber a, absl::Span<const double> together, std::vector<float>* row) {
        const double of_a = together[a] > 0 ? 1 / together[a] : 0;
        for (size_t b = 0; b < product_count; ++b) {
          (*row)[b] = static_cast<float>(together[b] * of_a * scale[b]);
        }
      });
}

}  // namespace clustr::training
