#include "tools/clustr_mine/fimi_scan.h"

namespace clustr::mine {

std::vector<Scan> SupportedScans() {
  std::vector<Scan> scans = {ScanPortable};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
      __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt")) {
    scans.push_back(ScanAvx512);
  }
#endif
  return scans;
}

}  // namespace clustr::mine
