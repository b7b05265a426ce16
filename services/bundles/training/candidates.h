#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_CANDIDATES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_CANDIDATES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/training/learned.h"
#include "services/bundles/training/link_fitter.h"

namespace clustr::training {

// The name of the candidate whose parameters are tuned.
inline constexpr char kBlend[] = "blend";
// The name of the candidate that is the blend with trees that order its best products anew.
inline constexpr char kRanker[] = "ranker";
// The name of the candidate for next baskets that has a line.
inline constexpr char kLine[] = "line";
// The name of the candidate for next baskets that cannot serve (see Candidate::history_is_basket).
inline constexpr char kHeuristicHistory[] = "heuristic_v0";

// The weight of recent popularity that orders products of equal score, such as those that the
// customer never bought. A score is a float: a much smaller weight would be rounded away beside the
// number of purchases.
inline constexpr double kTieBreak = 1e-4;

// One way to score products.
struct Candidate {
  std::string name;
  products::TaskModel task;
  // If true, it is measured for next baskets with the history as its basket, which serving does not
  // do; it can be a baseline but no champion.
  bool history_is_basket = false;
};

// The names of the candidates of each task, the simplest first; the last ones are the blend of
// `settings` and, if they have trees or a line for the task, the candidate with these.
std::vector<std::string> CompletionNames(const Settings& settings);
std::vector<std::string> NextBasketNames(const Settings& settings);

// The candidate called `name`. Errors are those of the fitter.
absl::StatusOr<Candidate> FitCompletion(LinkFitter* fitter, const std::string& name,
                                        const Settings& settings);
absl::StatusOr<Candidate> FitNextBasket(LinkFitter* fitter, const std::string& name,
                                        const Settings& settings);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_CANDIDATES_H_
