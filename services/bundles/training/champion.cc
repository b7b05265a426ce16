#include "services/bundles/training/champion.h"

#include <cstddef>

#include "services/bundles/training/ranking_measures.h"

namespace clustr::training {
namespace {

// True if `tuned` may take the place of `champion`.
bool IsClearlyBetter(const Contender& tuned, const Contender& champion) {
  std::vector<double> gains;
  for (size_t i = 0; i < tuned.values.size(); ++i) {
    gains.push_back(tuned.values[i] - champion.values[i]);
  }
  const Mean gain = MeanOf(gains);
  return gain.value > gain.standard_error;
}

}  // namespace

std::string ChooseChampion(const std::vector<Contender>& contenders) {
  const Contender* champion = nullptr;
  double best = 0;
  for (const Contender& one : contenders) {
    if (one.is_tuned) continue;
    const double mean = MeanOf(one.values).value;
    if (champion != nullptr && mean <= best) continue;
    champion = &one;
    best = mean;
  }
  for (const Contender& one : contenders) {
    if (!one.is_tuned) continue;
    if (champion == nullptr || IsClearlyBetter(one, *champion)) champion = &one;
  }
  return champion->name;
}

}  // namespace clustr::training
