#include "services/bundles/training/fit_due.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/due_products.h"

namespace clustr::training {
namespace {

using products::DueWeights;

constexpr std::array<double, 7> kUsualGaps = {10, 20, 40, 80, 160, 320, 640};
constexpr uint32_t kCustomersPerCheck = 256;
constexpr int kDaysPerWeek = 7;
constexpr int kMinHistoryDays = 14;
constexpr double kStepsPerUnit = 8;  // Of the logarithm of Due.
constexpr int kNewtonSteps = 30;

// What happened to the pairs of customers and products with about the same Due.
struct Bin {
  double pairs = 0;
  double purchases = 0;
};
// By the logarithm of Due, in steps.
using Bins = std::map<int, Bin>;

// Adds what one customer bought again of one product, in each week.
void AddProduct(absl::Span<const int32_t> days, int32_t first_day, int32_t end_day,
                std::array<Bins, kUsualGaps.size()>* bins) {
  for (int week = 1; week <= kDueWeeks; ++week) {
    const int32_t start = end_day - week * kDaysPerWeek;
    if (start < first_day + kMinHistoryDays) return;
    const auto from = std::lower_bound(days.begin(), days.end(), start);
    if (from == days.begin()) return;  // Not bought before this week, nor before earlier ones.
    const auto to = std::lower_bound(from, days.end(), start + kDaysPerWeek);
    const auto before = days.first(from - days.begin());
    for (size_t i = 0; i < kUsualGaps.size(); ++i) {
      const double due = products::Due(before, start - 1, kUsualGaps[i]);
      if (due <= 0) continue;
      Bin& bin = (*bins)[i][static_cast<int>(std::lround(std::log(due) * kStepsPerUnit))];
      ++bin.pairs;
      bin.purchases += static_cast<double>(to - from);
    }
  }
}

struct Fit {
  DueWeights weights;
  double likelihood = 0;  // Its logarithm, without what is the same for all weights.
};

// The scale that makes the expected purchases those that happened, for one exponent.
double ScaleFor(const Bins& bins, double exponent) {
  double expected = 0;
  double happened = 0;
  for (const auto& [step, bin] : bins) {
    expected += bin.pairs * std::exp(exponent * step / kStepsPerUnit);
    happened += bin.purchases;
  }
  return expected > 0 ? happened / expected : 0;
}

// Newton's method on the exponent; the scale follows from it. The likelihood is concave in both.
Fit FitBins(const Bins& bins, double usual_gap_days) {
  double exponent = 1;
  for (int i = 0; i < kNewtonSteps; ++i) {
    const double scale = ScaleFor(bins, exponent);
    double slope = 0, mean = 0, square = 0, total = 0;
    for (const auto& [step, bin] : bins) {
      const double x = step / kStepsPerUnit;
      const double expected = bin.pairs * scale * std::exp(exponent * x);
      slope += (bin.purchases - expected) * x;
      total += expected;
      mean += expected * x;
      square += expected * x * x;
    }
    const double curvature = total > 0 ? square - mean * mean / total : 0;
    if (curvature <= 0) break;
    exponent = std::clamp(exponent + slope / curvature, 0.0, 3.0);
  }
  Fit fit = {{usual_gap_days, ScaleFor(bins, exponent), exponent}, 0};
  for (const auto& [step, bin] : bins) {
    const double log_mean =
        std::log(std::max(fit.weights.scale, 1e-300)) + exponent * step / kStepsPerUnit;
    fit.likelihood += bin.purchases * log_mean - bin.pairs * std::exp(log_mean);
  }
  return fit;
}

double PurchasesIn(const Bins& bins) {
  double sum = 0;
  for (const auto& [step, bin] : bins) sum += bin.purchases;
  return sum;
}

}  // namespace

absl::StatusOr<DueWeights> FitDue(const Learned& learned, const Wanted& wanted) {
  if (learned.end == 0) return DueWeights();
  const uint64_t lines = learned.purchases.begins[learned.end];
  const auto stride = static_cast<uint32_t>(lines / kMaxDueLines + 1);
  std::array<Bins, kUsualGaps.size()> bins;
  std::vector<int32_t> days;
  for (uint32_t customer = 0; customer < learned.purchases.customer_count; customer += stride) {
    if (customer / stride % kCustomersPerCheck == 0) {
      if (absl::Status status = wanted(); !status.ok()) return status;
    }
    if (learned.histories.IsGuest(customer, learned.guest_baskets)) continue;
    const auto bought = learned.histories.Bought(customer);
    for (size_t i = 0; i < bought.size();) {
      const ProductNumber product = bought[i].first;
      days.clear();
      for (; i < bought.size() && bought[i].first == product; ++i) days.push_back(bought[i].second);
      AddProduct(days, learned.purchases.days.front(), learned.day, &bins);
    }
  }
  if (PurchasesIn(bins[0]) < kMinDuePurchases) return DueWeights();
  Fit best = FitBins(bins[0], kUsualGaps[0]);
  for (size_t i = 1; i < kUsualGaps.size(); ++i) {
    const Fit fit = FitBins(bins[i], kUsualGaps[i]);
    if (fit.likelihood > best.likelihood) best = fit;
  }
  return best.weights;
}

}  // namespace clustr::training
