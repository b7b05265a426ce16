#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_SYMMETRIC_INVERSE_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_SYMMETRIC_INVERSE_H_

#include <cstddef>
#include <utility>
#include <vector>

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

// Replaces a positive definite matrix by its inverse, and returns true; returns false if it is not
// positive definite. By Cholesky factors, in one thread: size^3 floating-point operations. The same
// on every run on one type of processor.
bool Invert(SymmetricMatrix* matrix);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_SYMMETRIC_INVERSE_H_
