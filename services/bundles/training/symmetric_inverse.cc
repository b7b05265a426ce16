#include "services/bundles/training/symmetric_inverse.h"

// Declared here because Debian's OpenBLAS has LAPACK but not the C header for it.
extern "C" {
void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void spotri_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void openblas_set_num_threads(int num_threads);
}

namespace clustr::training {

bool Invert(SymmetricMatrix* matrix) {
  if (matrix->size == 0) return true;
  // Debian may have installed a build that starts threads, whose number would change the result.
  openblas_set_num_threads(1);
  const int size = static_cast<int>(matrix->size);
  const char lower = 'L';
  int info = 0;
  spotrf_(&lower, &size, matrix->values.data(), &size, &info);
  if (info == 0) spotri_(&lower, &size, matrix->values.data(), &size, &info);
  return info == 0;
}

}  // namespace clustr::training
