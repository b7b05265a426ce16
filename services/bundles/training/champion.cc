#include "services/bundles/training/champion.h"

#include <cstddef>

#include "services/bundles/training/ranking_measures.h"

namespace clustr::training {
namespace {

// True if `fitted` may take the place of a simpler one.
bool IsClearlyBetter(const Contender& fitted, const Contender& simpler) {
  std::vector<double> gains;
  for (size_t i = 0; i < fitted.values.size(); ++i) {
    gains.push_back(fitted.values[i] - simpler.values[i]);
  }
  const Mean gain = MeanOf(gains);
  return gain.value > gain.standard_error;
}

}  // namespace

std::string ChooseChampion(const std::vector<Contender>& contenders) {
  const Contender* champion = nullptr;
  for (const Fitting fitting : {Fitting::kNone, Fitting::kWeights, Fitting::kTrees}) {
    const Contender* const simpler = champion;
    for (const Contender& one : contenders) {
      if (one.fitting != fitting) continue;
      if (simpler != nullptr && !IsClearlyBetter(one, *simpler)) continue;
      if (champion == simpler || MeanOf(one.values).value > MeanOf(champion->values).value) {
        champion = &one;
      }
    }
  }
  return champion->name;
}

}  // namespace clustr::training
