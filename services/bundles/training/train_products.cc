#include "services/bundles/training/train_products.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/bundles/products/product_scorer.h"
#include "services/bundles/training/champion.h"
#include "services/bundles/training/evaluation.h"
#include "services/bundles/training/fit_due.h"
#include "services/bundles/training/ranker/line_rows.h"
#include "services/bundles/training/ranker/ranker_rows.h"
#include "services/bundles/training/test_cases.h"
#include "services/bundles/training/tuning.h"

namespace clustr::training {
namespace {

using products::ProductModel;
using products::ProductScorer;

constexpr int kTunedPercent = 55;
constexpr int kChosenPercent = 70;
constexpr int kMeasuredPercent = 85;

absl::Status CheckSizes(const Purchases& purchases, int32_t split_day) {
  const size_t before = purchases.CountBefore(split_day);
  const size_t after = purchases.size() - before;
  if (before >= kMinBasketsBefore && after >= kMinBasketsAfter) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "there are ", before, " baskets before the split date and ", after,
      " from it on, but a model needs at least ", kMinBasketsBefore, " and ", kMinBasketsAfter,
      "; import or record more purchases, or give another split_date"));
}

// How all candidates of both tasks did on one period.
struct Measured {
  std::vector<MeasuredCandidate> completion;
  std::vector<MeasuredCandidate> next_basket;
};

absl::StatusOr<MeasuredCandidate> MeasureOneCompletion(const ProductModel& frame,
                                                       const Candidate& candidate,
                                                       const TestPeriod& period,
                                                       const Wanted& wanted) {
  const ProductScorer scorer(frame, candidate.task);
  auto measures = MeasureCompletion(scorer, period, wanted);
  if (!measures.ok()) return measures.status();
  auto anonymous = MeasureCompletion(scorer, AnonymousPeriod(period), wanted);
  if (!anonymous.ok()) return anonymous.status();
  return MeasuredCandidate{candidate.name, *std::move(measures), *std::move(anonymous)};
}

// One candidate after another, so that only one of them is in memory besides the fitter's links.
absl::StatusOr<Measured> MeasureAll(LinkFitter* fitter, const TestPeriod& period,
                                    const Settings& settings) {
  const ProductModel frame = FrameOf(fitter->learned());
  Measured all;
  for (const std::string& name : CompletionNames(settings)) {
    const auto candidate = FitCompletion(fitter, name, settings);
    if (!candidate.ok()) return candidate.status();
    auto one = MeasureOneCompletion(frame, *candidate, period, fitter->wanted());
    if (!one.ok()) return one.status();
    all.completion.push_back(*std::move(one));
  }
  for (const std::string& name : NextBasketNames(settings)) {
    const auto candidate = FitNextBasket(fitter, name, settings);
    if (!candidate.ok()) return candidate.status();
    auto measures = MeasureNextBasket(ProductScorer(frame, candidate->task),
                                      candidate->history_is_basket, period, fitter->wanted());
    if (!measures.ok()) return measures.status();
    all.next_basket.push_back({candidate->name, *std::move(measures), {}});
  }
  return all;
}

// Every second case, from number `first` on.
template <class Case>
std::vector<Case> EverySecond(const std::vector<Case>& cases, size_t first) {
  std::vector<Case> half;
  for (size_t i = first; i < cases.size(); i += 2) half.push_back(cases[i]);
  return half;
}
TestCases EverySecond(const TestCases& cases, size_t first) {
  return {EverySecond(cases.completion, first), EverySecond(cases.next_basket, first)};
}

void SetEverySecond(const std::vector<double>& half, size_t first, std::vector<double>* values) {
  for (size_t i = 0; i < half.size(); ++i) (*values)[2 * i + first] = half[i];
}

// Fits the trees of `*ranker` to the cases of `period`.
absl::Status FitRankerTrees(const ProductModel& frame, const TestPeriod& period, uint64_t seed,
                            const Wanted& wanted, Candidate* ranker) {
  const auto rows = CompletionRows(frame, ranker->task, period, seed, wanted);
  if (!rows.ok()) return rows.status();
  auto trees = FitTrees(*rows, {}, wanted);
  if (!trees.ok()) return trees.status();
  ranker->task.ranker->trees = *std::move(trees);
  return absl::OkStatus();
}

// Replaces what each case says of the blends by what those score on it that were tuned on the other
// half of the cases: parameters look better than they are on the cases that chose them. Adds the
// same of `*ranker`, of which only the links must be fitted; its weights and trees become those of
// the last half.
absl::Status CrossMeasure(LinkFitter* fitter, const TestPeriod& period, const Settings& settings,
                          uint64_t seed, Candidate* ranker, Measured* measured) {
  const Learned& learned = fitter->learned();
  const Wanted& wanted = fitter->wanted();
  MeasuredCandidate ranked = {kRanker, {}, {}};
  ranked.measures.ndcg_by_case.resize(period.cases.completion.size());
  ranked.anonymous.ndcg_by_case.resize(period.cases.completion.size());
  auto completion = FitCompletion(fitter, kBlend, settings);
  if (!completion.ok()) return completion.status();
  auto next_basket = FitNextBasket(fitter, kBlend, settings);
  if (!next_basket.ok()) return next_basket.status();
  const ProductModel frame = FrameOf(learned);
  for (const size_t first : {0, 1}) {
    const TestCases others = EverySecond(period.cases, 1 - first);
    const TestCases cases = EverySecond(period.cases, first);
    const TestPeriod half = {others, period.before, period.first_day, period.guest_baskets,
                             {},     period.threads};
    absl::Status status = TuneWeights(learned, half, wanted, &completion->task, &next_basket->task);
    if (!status.ok()) return status;
    const TestPeriod other_half = {cases, period.before, period.first_day, period.guest_baskets,
                                   {},    period.threads};
    const auto one = MeasureOneCompletion(frame, *completion, other_half, wanted);
    if (!one.ok()) return one.status();
    MeasuredCandidate& blend = measured->completion.back();
    SetEverySecond(one->measures.ndcg_by_case, first, &blend.measures.ndcg_by_case);
    SetEverySecond(one->anonymous.ndcg_by_case, first, &blend.anonymous.ndcg_by_case);
    ranker->task.weights = completion->task.weights;
    status = FitRankerTrees(frame, half, seed, wanted, ranker);
    if (!status.ok()) return status;
    const auto of_ranker = MeasureOneCompletion(frame, *ranker, other_half, wanted);
    if (!of_ranker.ok()) return of_ranker.status();
    SetEverySecond(of_ranker->measures.ndcg_by_case, first, &ranked.measures.ndcg_by_case);
    SetEverySecond(of_ranker->anonymous.ndcg_by_case, first, &ranked.anonymous.ndcg_by_case);
    const auto next =
        MeasureNextBasket(ProductScorer(frame, next_basket->task), false, other_half, wanted);
    if (!next.ok()) return next.status();
    const auto of_blend =
        std::find_if(measured->next_basket.begin(), measured->next_basket.end(),
                     [](const MeasuredCandidate& candidate) { return candidate.name == kBlend; });
    SetEverySecond(next->quality_by_case, first, &of_blend->measures.quality_by_case);
  }
  measured->completion.push_back(std::move(ranked));
  return absl::OkStatus();
}

// The sums of the NDCG of each case with and without its customer.
std::vector<double> BothNdcgs(const MeasuredCandidate& one) {
  std::vector<double> sums = one.measures.ndcg_by_case;
  for (size_t i = 0; i < sums.size(); ++i) sums[i] += one.anonymous.ndcg_by_case[i];
  return sums;
}

std::vector<double> Qualities(const MeasuredCandidate& one) { return one.measures.quality_by_case; }

Fitting FittingOf(const std::string& name) {
  if (name == kRanker) return Fitting::kTrees;
  return name == kBlend || name == kLine ? Fitting::kWeights : Fitting::kNone;
}

// The candidates that may serve, with what `values_of` gives for each of them.
template <class ValuesOf>
std::vector<Contender> Contenders(const std::vector<MeasuredCandidate>& candidates,
                                  ValuesOf values_of) {
  std::vector<Contender> contenders;
  for (const MeasuredCandidate& one : candidates) {
    if (one.name == kHeuristicHistory) continue;
    contenders.push_back({one.name, values_of(one), FittingOf(one.name)});
  }
  return contenders;
}

// The lines of next baskets: that with which the champion is chosen is fitted to windows that end
// before the inner period, the other one to all of them.
struct Lines {
  std::vector<float> before_inner;
  std::vector<float> all;
};

absl::StatusOr<Lines> FitLines(const Purchases& purchases, int32_t inner_day, int32_t split_day,
                               const TrainingOptions& options, const Wanted& wanted) {
  const std::vector<LineWindow> windows =
      LineWindowsOf(purchases.days.front(), inner_day, split_day);
  const auto rows =
      NextBasketRows(purchases, windows, options.limits, options.seed, options.threads, wanted);
  if (!rows.ok()) return rows.status();
  const auto first = std::find_if(windows.begin(), windows.end(), [&](const LineWindow& window) {
    return window.end_day <= inner_day;
  });
  const auto newer = static_cast<size_t>(first - windows.begin());
  auto before_inner = FitLine(absl::MakeConstSpan(*rows).subspan(newer), wanted);
  if (!before_inner.ok()) return before_inner.status();
  auto all = FitLine(*rows, wanted);
  if (!all.ok()) return all.status();
  return Lines{*std::move(before_inner), *std::move(all)};
}

// The cases in the baskets [learned.end, end).
TestCases CasesAfter(const Learned& learned, size_t end, const TrainingOptions& options) {
  return FindTestCases(learned.purchases, learned.end, end, learned.histories,
                       learned.guest_baskets, options.seed, options.max_cases);
}

}  // namespace

int32_t LastFifth(int32_t first_day, int32_t last_day) {
  const int32_t days = last_day - first_day + 1;
  return last_day + 1 - (days + 2) / 5;  // Rounded to the nearest day.
}

absl::StatusOr<TrainedProducts> TrainProducts(const Purchases& purchases,
                                              const TrainingOptions& options, const Wanted& wanted,
                                              const Progress& progress) {
  if (purchases.size() == 0) {
    return absl::FailedPreconditionError(
        "there are no baskets yet; import or record purchases, and then train");
  }
  TrainedProducts trained;
  const int32_t first_day = purchases.days.front();
  const int32_t last_day = purchases.days.back();
  trained.split_day = options.split_day.value_or(LastFifth(first_day, last_day));
  if (absl::Status status = CheckSizes(purchases, trained.split_day); !status.ok()) return status;
  const size_t split = purchases.CountBefore(trained.split_day);

  {
    progress("tuning", 0);
    const int32_t day = LastFifth(first_day, trained.split_day - 1);
    const Learned learned(purchases, purchases.CountBefore(day), day);
    const TestCases cases = CasesAfter(learned, split, options);
    const TestPeriod period = {cases, learned.histories, day, learned.guest_baskets,
                               {},    options.threads};
    LinkFitter fitter(learned, options.limits, wanted);
    auto tuned = Tune(&fitter, period, [&](double share) {
      progress("tuning", static_cast<int>(share * kTunedPercent));
    });
    if (!tuned.ok()) return tuned.status();
    trained.settings = *std::move(tuned);
    progress("choosing", kTunedPercent);
    auto lines = FitLines(purchases, day, trained.split_day, options, wanted);
    if (!lines.ok()) return lines.status();
    trained.settings.next_basket_line = std::move(lines->before_inner);
    auto measured = MeasureAll(&fitter, period, trained.settings);
    if (!measured.ok()) return measured.status();
    auto ranker = FitCompletion(&fitter, kRanker, trained.settings);
    if (!ranker.ok()) return ranker.status();
    absl::Status status =
        CrossMeasure(&fitter, period, trained.settings, options.seed, &*ranker, &*measured);
    if (!status.ok()) return status;
    ranker->task.weights = trained.settings.completion;
    status = FitRankerTrees(FrameOf(learned), period, options.seed, wanted, &*ranker);
    if (!status.ok()) return status;
    trained.settings.completion_trees = std::move(ranker->task.ranker->trees);
    if (!trained.settings.next_basket_line.empty()) {
      trained.settings.next_basket_line = std::move(lines->all);
    }
    trained.completion.champion = ChooseChampion(Contenders(measured->completion, BothNdcgs));
    trained.next_basket.champion = ChooseChampion(Contenders(measured->next_basket, Qualities));
  }
  {
    progress("evaluating", kChosenPercent);
    const Learned learned(purchases, split, trained.split_day);
    const TestCases cases = CasesAfter(learned, purchases.size(), options);
    const TestPeriod period = {cases, learned.histories, trained.split_day, learned.guest_baskets,
                               {},    options.threads};
    LinkFitter fitter(learned, options.limits, wanted);
    auto measured = MeasureAll(&fitter, period, trained.settings);
    if (!measured.ok()) return measured.status();
    trained.completion.candidates = std::move(measured->completion);
    trained.completion.case_count = cases.completion.size();
    trained.next_basket.candidates = std::move(measured->next_basket);
    trained.next_basket.case_count = cases.next_basket.size();
  }
  progress("fitting", kMeasuredPercent);
  const Learned learned(purchases, purchases.size(), last_day + 1);
  auto model = FitModel(learned, trained.completion.champion, trained.next_basket.champion,
                        trained.settings, options.limits, wanted);
  if (!model.ok()) return model.status();
  trained.model = *std::move(model);
  progress("fitting", 100);
  return trained;
}

absl::StatusOr<ProductModel> FitModel(const Learned& learned, const std::string& completion,
                                      const std::string& next_basket, const Settings& settings,
                                      const TrainingLimits& limits, const Wanted& wanted) {
  ProductModel model = FrameOf(learned);
  LinkFitter fitter(learned, limits, wanted);
  auto first = FitCompletion(&fitter, completion, settings);
  if (!first.ok()) return first.status();
  auto second = FitNextBasket(&fitter, next_basket, settings);
  if (!second.ok()) return second.status();
  const auto due = FitDue(learned, wanted);
  if (!due.ok()) return due.status();
  model.due = *due;
  model.completion = std::move(first->task);
  model.next_basket = std::move(second->task);
  if (!UsesAgain(model)) model.again.clear();
  return model;
}

}  // namespace clustr::training
