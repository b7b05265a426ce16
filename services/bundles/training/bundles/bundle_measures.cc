#include "services/bundles/training/bundles/bundle_measures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

namespace clustr::training {
namespace {

constexpr size_t kBins = 10;
constexpr size_t kNone = SIZE_MAX;
constexpr double kLiftedDeviations = 2;

// What the period shows for every case, without the baskets of the part `left_out`.
std::vector<LaterSales> LaterOf(const BundleCases& cases, size_t left_out) {
  double baskets = 0;
  std::vector<double> singles(cases.single_counts.size());
  for (size_t part = 0; part < kParts; ++part) {
    if (part == left_out) continue;
    baskets += cases.later_baskets[part];
    for (size_t i = 0; i < singles.size(); ++i) singles[i] += cases.later_singles[part][i];
  }
  std::vector<LaterSales> later;
  later.reserve(cases.cases.size());
  for (const BundleCase& one : cases.cases) {
    double count = 0;
    for (size_t part = 0; part < kParts; ++part) {
      if (part != left_out) count += one.later[part];
    }
    double chance = baskets;
    for (const ProductNumber product : one.items()) {
      if (baskets > 0) chance *= singles[product] / baskets;
    }
    const double excess = count - chance;
    later.push_back({std::log2(1 + std::max(0.0, excess)),
                     excess / std::sqrt(chance + 1) >= kLiftedDeviations, count > 0});
  }
  return later;
}

// The cases, highest score first; ties in the order of the cases.
std::vector<uint32_t> OrderBy(absl::Span<const double> scores) {
  std::vector<uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return scores[a] > scores[b]; });
  return order;
}

struct Ranking {
  double ndcg = 0;
  double average_precision = 0;
  double precision = 0;

  double quality() const { return ndcg + average_precision; }
};

Ranking MeasureRanking(absl::Span<const uint32_t> order, absl::Span<const LaterSales> later) {
  const size_t ranked = std::min(kRankedBundles, order.size());
  std::vector<double> best;
  for (const LaterSales& one : later) best.push_back(one.gain);
  std::partial_sort(best.begin(), best.begin() + static_cast<ptrdiff_t>(ranked), best.end(),
                    std::greater<>());
  double gain = 0;
  double ideal = 0;
  for (size_t place = 0; place < ranked; ++place) {
    const double discount = 1 / std::log2(static_cast<double>(place) + 2);
    gain += discount * later[order[place]].gain;
    ideal += discount * best[place];
  }
  Ranking measured;
  measured.ndcg = ideal > 0 ? gain / ideal : 0;
  double found = 0;
  double precisions = 0;
  const size_t precise = std::min(kPreciseBundles, order.size());
  for (size_t place = 0; place < order.size(); ++place) {
    if (later[order[place]].lifted) precisions += ++found / static_cast<double>(place + 1);
    if (place + 1 == precise) measured.precision = found / static_cast<double>(precise);
  }
  measured.average_precision = found > 0 ? precisions / found : 0;
  return measured;
}

std::vector<CalibrationBin> Bins(absl::Span<const double> probabilities,
                                 absl::Span<const LaterSales> later) {
  std::array<CalibrationBin, kBins> sums = {};
  for (size_t i = 0; i < later.size(); ++i) {
    CalibrationBin& bin =
        sums[static_cast<size_t>(std::clamp(probabilities[i] * kBins, 0.0, kBins - 1.0))];
    bin.predicted += probabilities[i];
    bin.observed += later[i].again;
    ++bin.count;
  }
  std::vector<CalibrationBin> bins;
  for (size_t i = 0; i < kBins; ++i) {
    if (sums[i].count == 0) continue;
    const auto count = static_cast<double>(sums[i].count);
    bins.push_back({static_cast<double>(i) / kBins, sums[i].predicted / count,
                    sums[i].observed / count, sums[i].count});
  }
  return bins;
}

double CalibrationError(absl::Span<const CalibrationBin> bins) {
  double error = 0;
  double count = 0;
  for (const CalibrationBin& bin : bins) {
    error += std::abs(bin.predicted - bin.observed) * static_cast<double>(bin.count);
    count += static_cast<double>(bin.count);
  }
  return count > 0 ? error / count : 0;
}

double JackknifeError(const std::array<double, kParts>& values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / kParts;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares * (kParts - 1) / kParts);
}

}  // namespace

BundleMeasures MeasureBundles(const BundleCases& cases, absl::Span<const double> scores,
                              absl::Span<const double> probabilities) {
  if (cases.cases.empty()) return {};
  const std::vector<uint32_t> order = OrderBy(scores);
  const std::vector<LaterSales> later = LaterOf(cases, kNone);
  const Ranking ranking = MeasureRanking(order, later);
  std::array<double, kParts> ndcg, average_precision, precision, calibration_error = {};
  for (size_t part = 0; part < kParts; ++part) {
    const std::vector<LaterSales> without = LaterOf(cases, part);
    const Ranking measured = MeasureRanking(order, without);
    ndcg[part] = measured.ndcg;
    average_precision[part] = measured.average_precision;
    precision[part] = measured.precision;
    if (!probabilities.empty()) {
      calibration_error[part] = CalibrationError(Bins(probabilities, without));
    }
  }
  BundleMeasures measures = {{ranking.ndcg, JackknifeError(ndcg)},
                             {ranking.average_precision, JackknifeError(average_precision)},
                             {ranking.precision, JackknifeError(precision)},
                             {},
                             {}};
  if (probabilities.empty()) return measures;
  std::vector<double> squares;
  squares.reserve(later.size());
  for (size_t i = 0; i < later.size(); ++i) {
    const double error = probabilities[i] - (later[i].again ? 1 : 0);
    squares.push_back(error * error);
  }
  measures.brier = MeanOf(squares);
  measures.bins = Bins(probabilities, later);
  measures.calibration_error = {CalibrationError(measures.bins), JackknifeError(calibration_error)};
  return measures;
}

BundleJudge::BundleJudge(const BundleCases& cases) : cases_(cases), later_(LaterOf(cases, kNone)) {}

double BundleJudge::Judge(absl::Span<const double> scores) const {
  return MeasureRanking(OrderBy(scores), later_).quality();
}

BundleQuality BundleJudge::JudgeByPart(absl::Span<const double> scores) const {
  const std::vector<uint32_t> order = OrderBy(scores);
  BundleQuality quality = {MeasureRanking(order, later_).quality(), {}};
  for (size_t part = 0; part < kParts; ++part) {
    quality.without[part] = MeasureRanking(order, LaterOf(cases_, part)).quality();
  }
  return quality;
}

double ErrorOfDifference(const BundleQuality& a, const BundleQuality& b) {
  std::array<double, kParts> differences;
  for (size_t part = 0; part < kParts; ++part)
    differences[part] = a.without[part] - b.without[part];
  return JackknifeError(differences);
}

}  // namespace clustr::training
