#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_CHAMPION_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_CHAMPION_H_

#include <string>
#include <vector>

namespace clustr::training {

// How much of a candidate was chosen for this shop.
enum class Fitting {
  kNone,     // Nothing: it is simple.
  kWeights,  // A few weights.
  kTrees,    // A whole model, over one with weights.
};

// How one candidate did on the cases of the period on which a champion is chosen.
struct Contender {
  std::string name;
  std::vector<double> values;  // One per case, in the same order for all; more is better.
  Fitting fitting = Fitting::kNone;
};

// The name of the one that shall serve. `contenders` are the simplest first, at least one.
//
// Of those that are not fitted it is the one with the highest mean. Those with weights take its
// place only if they are better by more than one standard error of the mean difference per case,
// and then trees likewise the place of that: in doubt, the simple one is the one to trust. Among
// those of one kind that may, the mean decides, however small the difference; of equals the
// simplest serves.
std::string ChooseChampion(const std::vector<Contender>& contenders);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_CHAMPION_H_
