#include "services/bundles/training/links/symmetric_inverse.h"

#include <algorithm>

// Declared here because Debian's OpenBLAS has LAPACK but not the C header for it.
extern "C" {
void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void strtri_(const char* uplo, const char* diag, const int* n, float* a, const int* lda, int* info);
void slauum_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void sgemm_(const char* trans_a, const char* trans_b, const int* m, const int* n, const int* k,
            const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
            const float* beta, float* c, const int* ldc);
void ssyrk_(const char* uplo, const char* trans, const int* n, const int* k, const float* alpha,
            const float* a, const int* lda, const float* beta, float* c, const int* ldc);
void strsm_(const char* side, const char* uplo, const char* trans, const char* diag, const int* m,
            const int* n, const float* alpha, const float* a, const int* lda, float* b,
            const int* ldb);
void strmm_(const char* side, const char* uplo, const char* trans, const char* diag, const int* m,
            const int* n, const float* alpha, const float* a, const int* lda, float* b,
            const int* ldb);
void openblas_set_num_threads(int num_threads);
}

namespace clustr::training {
namespace {

constexpr int kBlock = 128;
constexpr float kPlus = 1;
constexpr float kMinus = -1;

// The three steps of LAPACK's spotrf and spotri, which it also does in blocks; here, so that they
// can be stopped between two blocks. The parts of a step at block [j, j + width) are called as in
// LAPACK: `diagonal` is the block on the diagonal, `below` the one under it, `left` the one to its
// left.
class BlockedInverse {
 public:
  BlockedInverse(SymmetricMatrix* matrix, const Wanted& wanted)
      : a_(matrix->values.data()), size_(static_cast<int>(matrix->size)), wanted_(wanted) {}

  absl::Status Run() {
    absl::Status status =
        ForEachBlock(false, [this](int j, int width) { return Factor(j, width); });
    if (!status.ok()) return status;
    status = ForEachBlock(true, [this](int j, int width) { return InvertFactor(j, width); });
    if (!status.ok()) return status;
    return ForEachBlock(false, [this](int j, int width) { return Multiply(j, width); });
  }

 private:
  float* At(int row, int column) { return a_ + static_cast<size_t>(column) * size_ + row; }

  template <class Step>
  absl::Status ForEachBlock(bool backwards, Step step) {
    const int count = (size_ + kBlock - 1) / kBlock;
    for (int i = 0; i < count; ++i) {
      if (absl::Status status = wanted_(); !status.ok()) return status;
      const int j = (backwards ? count - 1 - i : i) * kBlock;
      if (step(j, std::min(kBlock, size_ - j)) != 0) {
        return absl::InternalError("the matrix of pairs is not positive definite");
      }
    }
    return absl::OkStatus();
  }

  // The Cholesky factor L of the matrix.
  int Factor(int j, int width) {
    ssyrk_("L", "N", &width, &j, &kMinus, At(j, 0), &size_, &kPlus, At(j, j), &size_);
    int info = 0;
    spotrf_("L", &width, At(j, j), &size_, &info);
    const int rows = size_ - j - width;
    if (info != 0 || rows == 0) return info;
    float* below = At(j + width, j);
    sgemm_("N", "T", &rows, &width, &j, &kMinus, At(j + width, 0), &size_, At(j, 0), &size_, &kPlus,
           below, &size_);
    strsm_("R", "L", "T", "N", &rows, &width, &kPlus, At(j, j), &size_, below, &size_);
    return 0;
  }

  // The inverse of L, from its last block to the first.
  int InvertFactor(int j, int width) {
    const int rows = size_ - j - width;
    if (rows > 0) {
      float* below = At(j + width, j);
      strmm_("L", "L", "N", "N", &rows, &width, &kPlus, At(j + width, j + width), &size_, below,
             &size_);
      strsm_("R", "L", "N", "N", &rows, &width, &kMinus, At(j, j), &size_, below, &size_);
    }
    int info = 0;
    strtri_("L", "N", &width, At(j, j), &size_, &info);
    return info;
  }

  // The product of the transposed inverse of L and that inverse.
  int Multiply(int j, int width) {
    float* left = At(j, 0);
    strmm_("L", "L", "T", "N", &width, &j, &kPlus, At(j, j), &size_, left, &size_);
    int info = 0;
    slauum_("L", &width, At(j, j), &size_, &info);
    const int rows = size_ - j - width;
    if (info != 0 || rows == 0) return info;
    const float* below = At(j + width, j);
    sgemm_("T", "N", &width, &j, &rows, &kPlus, below, &size_, At(j + width, 0), &size_, &kPlus,
           left, &size_);
    ssyrk_("L", "T", &width, &rows, &kPlus, below, &size_, &kPlus, At(j, j), &size_);
    return 0;
  }

  float* const a_;
  const int size_;
  const Wanted& wanted_;
};

}  // namespace

absl::Status Invert(SymmetricMatrix* matrix, const Wanted& wanted) {
  // Debian may have installed a build that starts threads, whose number would change the result.
  openblas_set_num_threads(1);
  return BlockedInverse(matrix, wanted).Run();
}

}  // namespace clustr::training
