#include "services/bundles/mining/search/search.h"

#include "services/bundles/mining/search/run_search.h"

namespace clustr::mining {

#if defined(__x86_64__)

std::vector<InstructionSet> SupportedInstructionSets() {
  std::vector<InstructionSet> supported = {InstructionSet::kPortable};
  const bool bmi2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") &&
                    __builtin_cpu_supports("bmi2");
  if (!bmi2) return supported;
  supported.push_back(InstructionSet::kBmi2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512vpopcntdq")) {
    supported.push_back(InstructionSet::kAvx512);
  }
  return supported;
}

bool Search(InstructionSet instructions, const SearchInput& input, Claims& claims,
            ItemsetStream& stream) {
  switch (instructions) {
    case InstructionSet::kAvx512:
      return SearchAvx512(input, claims, stream);
    case InstructionSet::kBmi2:
      return SearchBmi2(input, claims, stream);
    case InstructionSet::kPortable:
      break;
  }
  return SearchPortable(input, claims, stream);
}

#else

std::vector<InstructionSet> SupportedInstructionSets() { return {InstructionSet::kPortable}; }

bool Search(InstructionSet, const SearchInput& input, Claims& claims, ItemsetStream& stream) {
  return SearchPortable(input, claims, stream);
}

#endif

}  // namespace clustr::mining
