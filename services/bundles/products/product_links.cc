#include "services/bundles/products/product_links.h"

#include <algorithm>
#include <cmath>

namespace clustr::products {

ProductLinks::Row ProductLinks::row(ProductNumber source) const {
  if (source >= size()) return {};
  const uint64_t begin = begins_[source];
  const uint64_t count = begins_[source + 1] - begin;
  return {absl::MakeConstSpan(targets_).subspan(begin, count),
          absl::MakeConstSpan(weights_).subspan(begin, count)};
}

float ProductLinks::WeightOf(ProductNumber source, ProductNumber target) const {
  const Row links = row(source);
  const auto it = std::lower_bound(links.targets.begin(), links.targets.end(), target);
  if (it == links.targets.end() || *it != target) return 0;
  return links.weights[it - links.targets.begin()];
}

void ProductLinks::AddRow(absl::Span<const ProductNumber> targets,
                          absl::Span<const float> weights) {
  targets_.insert(targets_.end(), targets.begin(), targets.end());
  weights_.insert(weights_.end(), weights.begin(), weights.end());
  begins_.push_back(targets_.size());
}

void AddStrongest(absl::Span<const float> weights, ProductNumber source, size_t max_links,
                  ProductLinks* links) {
  std::vector<ProductNumber> targets;
  for (ProductNumber target = 0; target < weights.size(); ++target) {
    if (target != source && weights[target] != 0) targets.push_back(target);
  }
  if (targets.size() > max_links) {
    const auto stronger = [&](ProductNumber a, ProductNumber b) {
      const float of_a = std::fabs(weights[a]);
      const float of_b = std::fabs(weights[b]);
      return of_a != of_b ? of_a > of_b : a < b;
    };
    std::nth_element(targets.begin(), targets.begin() + static_cast<ptrdiff_t>(max_links),
                     targets.end(), stronger);
    targets.resize(max_links);
    std::sort(targets.begin(), targets.end());
  }
  std::vector<float> kept;
  for (const ProductNumber target : targets) kept.push_back(weights[target]);
  links->AddRow(targets, kept);
}

}  // namespace clustr::products
