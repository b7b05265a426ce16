#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_CHAMPION_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_CHAMPION_H_

#include <string>
#include <vector>

namespace clustr::training {

// How one candidate did on the cases of the period on which a champion is chosen.
struct Contender {
  std::string name;
  std::vector<double> values;  // One per case, in the same order for all; more is better.
  bool is_tuned = false;       // Parameters of it were chosen for this shop.
};

// The name of the one that shall serve. `contenders` are the simplest first, at least one.
//
// Of those that are not tuned it is the one with the highest mean, of equals the simplest. A tuned
// one takes its place only if it is better by more than one standard error of the mean difference
// per case: in doubt, the simple one is the one to trust.
std::string ChooseChampion(const std::vector<Contender>& contenders);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_CHAMPION_H_
