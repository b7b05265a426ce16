#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_LINEAR_LINKS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_LINEAR_LINKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/training/data/product_sets.h"
#include "services/bundles/training/data/progress.h"

namespace clustr::training {

// What LinearLinks fits.
struct LinearOptions {
  // Set s weighs 1 / size(s)^size_exponent, rounded to 1/256 and at least that. 0 is the plain
  // model.
  double size_exponent = 0.5;
  // Added to the diagonal, as a multiple of the mean weight of the sets. Above 0.
  double regularisation = 30;
  // At most so many products, those in the most sets (ties: the lower number), take part.
  size_t max_products = 8'000;
  size_t max_links = 128;  // The strongest links of each product that are kept.
};

// Item-item weights in closed form: those B with a zero diagonal that minimise
//   sum over sets s of w(s) * |x_s - x_s B|^2 + regularisation * |B|^2,
// where x_s is the 0/1 row of set s (the model EASE^R of Steck 2019, with weighted rows). With
// P = (X' W X + regularisation)^-1, the link from a to b weighs -P_ab / P_bb. Products in fewer
// than two sets have no links.
//
// Deterministic: the sums are exact integers, and the inverse is computed in one thread. Takes
// 4 * products^2 bytes and O(products^3) time: about 1 s for 3,600 products. Stops with the error
// of `wanted`, which is called every few milliseconds while the matrix is inverted.
absl::StatusOr<products::ProductLinks> LinearLinks(const ProductSets& sets, size_t product_count,
                                                   const LinearOptions& options,
                                                   const Wanted& wanted);

// The products that take part, ascending.
std::vector<ProductNumber> LinearProducts(const ProductSets& sets, size_t product_count,
                                          size_t max_products);

// The links of `linear`, and `scale` times those of `cosine` that lead from or to a product without
// links of its own in `linear`.
products::ProductLinks WithCosine(const products::ProductLinks& linear,
                                  const products::ProductLinks& cosine, double scale,
                                  size_t max_links);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_LINEAR_LINKS_H_
