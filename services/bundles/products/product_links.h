#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_LINKS_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_LINKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace clustr::products {

// The number of a product within a model, counted from 0 in ascending order of the SKUs. Unlike an
// index::Item, it does not depend on the order in which the shop was read.
using ProductNumber = uint32_t;

// Weighted links between the products of a model: a sparse matrix with one row per source. Not
// thread-safe while rows are added; then immutable and thread-safe.
class ProductLinks {
 public:
  // The links of one source. `targets` are ascending and do not contain the source.
  struct Row {
    absl::Span<const ProductNumber> targets;
    absl::Span<const float> weights;  // weights[i] is that of targets[i].
  };

  // Number of rows.
  size_t size() const { return begins_.size() - 1; }
  // Number of links.
  size_t link_count() const { return targets_.size(); }
  // The links from `source`; none if there is no such row. Valid until a row is added.
  Row row(ProductNumber source) const;
  // The weight of the link; 0 if there is none. O(log links of the source).
  float WeightOf(ProductNumber source, ProductNumber target) const;

  // Appends the row of the next source. Requires ascending targets, one weight each.
  void AddRow(absl::Span<const ProductNumber> targets, absl::Span<const float> weights);

  bool operator==(const ProductLinks&) const = default;

 private:
  std::vector<uint64_t> begins_ = {0};  // The links of row i are [begins_[i], begins_[i + 1]).
  std::vector<ProductNumber> targets_;
  std::vector<float> weights_;
};

// One row from a weight for every product: keeps the `max_links` weights with the largest absolute
// values (ties: the lower number), without zeros and without `source`, and appends them to `links`.
void AddStrongest(absl::Span<const float> weights, ProductNumber source, size_t max_links,
                  ProductLinks* links);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_LINKS_H_
