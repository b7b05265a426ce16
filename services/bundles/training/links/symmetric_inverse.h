#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_SYMMETRIC_INVERSE_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_SYMMETRIC_INVERSE_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/bundles/training/data/progress.h"

namespace clustr::training {

// A dense symmetric matrix, of which the lower triangle is stored column by column.
struct SymmetricMatrix {
  size_t size = 0;
  std::vector<float> values;  // size * size; only the elements with row >= column count.

  float at(size_t i, size_t j) const {
    if (i < j) std::swap(i, j);
    return values[j * size + i];
  }
};

// Replaces a positive definite matrix by its inverse. By Cholesky factors, in blocks of columns, in
// one thread: size^3 floating-point operations. The same on every run on one type of processor.
// INTERNAL if the matrix is not positive definite, or the error of `wanted`, which is called after
// each block; then the matrix has no meaning.
absl::Status Invert(SymmetricMatrix* matrix, const Wanted& wanted);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_LINKS_SYMMETRIC_INVERSE_H_
