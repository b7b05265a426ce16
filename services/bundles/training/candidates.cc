#include "services/bundles/training/candidates.h"

#include <iterator>

#include "services/bundles/training/ranker/line_rows.h"

namespace clustr::training {
namespace {

using products::TaskModel;

constexpr const char* kCompletionNames[] = {
    "popularity", "recent_popularity", "lift", "confidence", "item_knn", "ease", kBlend};
constexpr const char* kNextBasketNames[] = {"popularity",    "recent_popularity", kHeuristicHistory,
                                            "own_frequency", "similar_customers", kBlend};

TaskModel PopularityTask(const std::string& name) {
  TaskModel task;
  (name == "popularity" ? task.weights.common : task.weights.popular) = 1;
  return task;
}

// Sets `*copy` to the links, unless they could not be fitted.
absl::Status Copy(const LinkFitter::Links& links, products::ProductLinks* copy) {
  if (links.ok()) *copy = **links;
  return links.status();
}

absl::Status FitBlendedLinks(LinkFitter* fitter, const Settings& settings, TaskModel* task) {
  auto links = fitter->Blended(settings);
  if (links.ok()) task->basket_links = *std::move(links);
  return links.status();
}

// What a ranker sees besides the links of the blend.
absl::Status FitRankerLinks(LinkFitter* fitter, const Settings& settings, TaskModel* task) {
  task->ranker = {settings.completion_trees, {}, fitter->learned().times, {}};
  absl::Status status = Copy(fitter->Rule(RuleMeasure::kConfidence), &task->ranker->confidence);
  if (!status.ok()) return status;
  return Copy(fitter->OfCustomers(), &task->history_links);
}

absl::Status FitCompletionLinks(LinkFitter* fitter, const std::string& name,
                                const Settings& settings, TaskModel* task) {
  if (name == "lift") return Copy(fitter->Rule(RuleMeasure::kLift), &task->basket_links);
  if (name == "confidence") {
    return Copy(fitter->Rule(RuleMeasure::kConfidence), &task->basket_links);
  }
  if (name == "item_knn") return Copy(fitter->OfBaskets(), &task->basket_links);
  if (name == "ease") {
    return Copy(fitter->Linear(0, settings.plain_regularisation), &task->basket_links);
  }
  if (name == kRanker) {
    if (absl::Status status = FitRankerLinks(fitter, settings, task); !status.ok()) return status;
  }
  return FitBlendedLinks(fitter, settings, task);
}

}  // namespace

absl::StatusOr<Candidate> FitCompletion(LinkFitter* fitter, const std::string& name,
                                        const Settings& settings) {
  Candidate candidate = {name, {}};
  if (name == "popularity" || name == "recent_popularity") {
    candidate.task = PopularityTask(name);
    return candidate;
  }
  if (name == kBlend || name == kRanker) candidate.task.weights = settings.completion;
  candidate.task.takes_maximum = name == "lift" || name == "confidence";
  absl::Status status = FitCompletionLinks(fitter, name, settings, &candidate.task);
  if (!status.ok()) return status;
  return candidate;
}

absl::StatusOr<Candidate> FitNextBasket(LinkFitter* fitter, const std::string& name,
                                        const Settings& settings) {
  Candidate candidate = {name, {}};
  TaskModel& task = candidate.task;
  absl::Status status;
  if (name == "popularity" || name == "recent_popularity") {
    task = PopularityTask(name);
  } else if (name == kHeuristicHistory) {
    candidate.history_is_basket = true;
    task.takes_maximum = true;
    status = Copy(fitter->Rule(RuleMeasure::kConfidence), &task.basket_links);
  } else if (name == "own_frequency") {
    task.weights.own = 1;
    task.weights.popular = kTieBreak;
  } else {
    if (name == kBlend) {
      task.weights = settings.next_basket;
    } else if (name == kLine) {
      task.weights = LineWeights();
      task.ranker = {{}, settings.next_basket_line, fitter->learned().times, {}};
    } else {
      task.weights.similar = 1;
      task.weights.popular = kTieBreak;
    }
    status = Copy(fitter->OfCustomers(), &task.history_links);
  }
  if (!status.ok()) return status;
  return candidate;
}

std::vector<std::string> CompletionNames(const Settings& settings) {
  std::vector<std::string> names(std::begin(kCompletionNames), std::end(kCompletionNames));
  if (!settings.completion_trees.roots.empty()) names.emplace_back(kRanker);
  return names;
}

std::vector<std::string> NextBasketNames(const Settings& settings) {
  std::vector<std::string> names(std::begin(kNextBasketNames), std::end(kNextBasketNames));
  if (!settings.next_basket_line.empty()) names.emplace_back(kLine);
  return names;
}

}  // namespace clustr::training
