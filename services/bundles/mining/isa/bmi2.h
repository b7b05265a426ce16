#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ISA_BMI2_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ISA_BMI2_H_

#include <immintrin.h>

#include <cstdint>

#include "services/bundles/mining/isa/portable.h"

namespace clustr::mining {

// PortableIsa for a file that is compiled for AVX2, POPCNT and BMI2. The compiler's use of those
// makes the plain loops faster.
struct Bmi2Isa : PortableIsa {
  static uint64_t Compress(uint64_t word, uint64_t mask) { return _pext_u64(word, mask); }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ISA_BMI2_H_
