#include "services/bundles/training/candidates.h"

#include <utility>

#include "services/bundles/training/cosine_links.h"
#include "services/bundles/training/linear_links.h"

namespace clustr::training {
namespace {

using products::ProductLinks;
using products::TaskModel;
using StatusOrLinks = absl::StatusOr<ProductLinks>;

// Fits the links of one candidate after another.
class Fitter {
 public:
  Fitter(const Learned& learned, const Settings& settings, const TrainingLimits& limits,
         const Wanted& wanted)
      : learned_(learned), settings_(settings), limits_(limits), wanted_(wanted) {}

  StatusOrLinks Rule(RuleMeasure measure) const {
    return RuleLinks(learned_.baskets, product_count(), measure, limits_.max_links, wanted_);
  }
  StatusOrLinks Cosine(const ProductSets& sets) const {
    return CosineLinks(sets, product_count(), 1, limits_.max_links, wanted_);
  }
  StatusOrLinks PlainLinear() const { return Linear(0, settings_.plain_regularisation); }
  StatusOrLinks WeightedLinear() const {
    StatusOrLinks linear = Linear(settings_.size_exponent, settings_.regularisation);
    if (!linear.ok() || settings_.cosine_scale == 0) return linear;
    const StatusOrLinks cosine = Cosine(learned_.baskets);
    if (!cosine.ok()) return cosine;
    return WithCosine(*linear, *cosine, settings_.cosine_scale, limits_.max_links);
  }

 private:
  size_t product_count() const { return learned_.purchases.skus.size(); }
  StatusOrLinks Linear(double size_exponent, double regularisation) const {
    return LinearLinks(learned_.baskets, product_count(),
                       {.size_exponent = size_exponent,
                        .regularisation = regularisation,
                        .max_products = limits_.max_linear_products,
                        .max_links = limits_.max_links},
                       wanted_);
  }

  const Learned& learned_;
  const Settings& settings_;
  const TrainingLimits& limits_;
  const Wanted& wanted_;
};

constexpr const char* kCompletionNames[] = {
    "popularity", "recent_popularity", "lift", "confidence", "item_knn", "ease", kBlend};
constexpr const char* kNextBasketNames[] = {"popularity",    "recent_popularity", kHeuristicHistory,
                                            "own_frequency", "similar_customers", kBlend};
// Orders products of equal score, such as those that the customer never bought.
constexpr double kTieBreak = 1e-6;

TaskModel PopularityTask(const std::string& name) {
  TaskModel task;
  (name == "popularity" ? task.weights.common : task.weights.popular) = 1;
  return task;
}

}  // namespace

Learned::Learned(const Purchases& all, size_t count, int32_t first_day)
    : purchases(all),
      end(count),
      day(first_day),
      histories(all, count),
      guest_baskets(histories.GuestBaskets()),
      totals(CountProducts(all, count, first_day)),
      baskets(SetsOfBaskets(all, count)),
      customers(SetsOfCustomers(all, histories, guest_baskets)),
      times(TimesOfProducts(all, count, first_day)) {}

absl::StatusOr<Candidate> FitCompletion(const Learned& learned, const std::string& name,
                                        const Settings& settings, const TrainingLimits& limits,
                                        const Wanted& wanted) {
  const Fitter fitter(learned, settings, limits, wanted);
  Candidate candidate = {name, {}};
  if (name == "popularity" || name == "recent_popularity") {
    candidate.task = PopularityTask(name);
    return candidate;
  }
  if (name == kBlend || name == kRanker) candidate.task.weights = settings.completion;
  if (name == kRanker) {
    StatusOrLinks confidence = fitter.Rule(RuleMeasure::kConfidence);
    if (!confidence.ok()) return confidence.status();
    candidate.task.ranker = {settings.completion_trees, learned.times, *std::move(confidence)};
    StatusOrLinks customers = fitter.Cosine(learned.customers);
    if (!customers.ok()) return customers.status();
    candidate.task.history_links = *std::move(customers);
  }
  candidate.task.takes_maximum = name == "lift" || name == "confidence";
  StatusOrLinks links = name == "lift"         ? fitter.Rule(RuleMeasure::kLift)
                        : name == "confidence" ? fitter.Rule(RuleMeasure::kConfidence)
                        : name == "item_knn"   ? fitter.Cosine(learned.baskets)
                        : name == "ease"       ? fitter.PlainLinear()
                                               : fitter.WeightedLinear();
  if (!links.ok()) return links.status();
  candidate.task.basket_links = *std::move(links);
  return candidate;
}

absl::StatusOr<Candidate> FitNextBasket(const Learned& learned, const std::string& name,
                                        const Settings& settings, const TrainingLimits& limits,
                                        const Wanted& wanted) {
  const Fitter fitter(learned, settings, limits, wanted);
  Candidate candidate = {name, {}};
  TaskModel& task = candidate.task;
  if (name == "popularity" || name == "recent_popularity") {
    task = PopularityTask(name);
  } else if (name == kHeuristicHistory) {
    candidate.history_is_basket = true;
    task.takes_maximum = true;
    StatusOrLinks links = fitter.Rule(RuleMeasure::kConfidence);
    if (!links.ok()) return links.status();
    task.basket_links = *std::move(links);
  } else if (name == "own_frequency") {
    task.weights.own = 1;
    task.weights.popular = kTieBreak;
  } else {
    if (name == "blend") {
      task.weights = settings.next_basket;
    } else {
      task.weights.similar = 1;
      task.weights.popular = kTieBreak;
    }
    StatusOrLinks links = fitter.Cosine(learned.customers);
    if (!links.ok()) return links.status();
    task.history_links = *std::move(links);
  }
  return candidate;
}

absl::StatusOr<std::vector<Candidate>> CompletionCandidates(const Learned& learned,
                                                            const Settings& settings,
                                                            const TrainingLimits& limits,
                                                            const Wanted& wanted) {
  std::vector<Candidate> candidates;
  for (const char* name : kCompletionNames) {
    auto fitted = FitCompletion(learned, name, settings, limits, wanted);
    if (!fitted.ok()) return fitted.status();
    candidates.push_back(*std::move(fitted));
  }
  if (settings.completion_trees.roots.empty()) return candidates;
  auto ranker = FitCompletion(learned, kRanker, settings, limits, wanted);
  if (!ranker.ok()) return ranker.status();
  candidates.push_back(*std::move(ranker));
  return candidates;
}

absl::StatusOr<std::vector<Candidate>> NextBasketCandidates(const Learned& learned,
                                                            const Settings& settings,
                                                            const TrainingLimits& limits,
                                                            const Wanted& wanted) {
  std::vector<Candidate> candidates;
  for (const char* name : kNextBasketNames) {
    auto fitted = FitNextBasket(learned, name, settings, limits, wanted);
    if (!fitted.ok()) return fitted.status();
    candidates.push_back(*std::move(fitted));
  }
  return candidates;
}

products::ProductModel FrameOf(const Learned& learned) {
  products::ProductModel model;
  model.skus = learned.purchases.skus;
  model.counts = learned.totals.counts;
  model.recent = learned.totals.recent;
  model.reference_day = learned.day;
  model.guest_baskets = learned.guest_baskets;
  return model;
}

}  // namespace clustr::training
