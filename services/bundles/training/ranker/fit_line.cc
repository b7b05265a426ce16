#include "services/bundles/training/ranker/fit_line.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "services/bundles/products/ranker/ranker.h"

namespace clustr::training {
namespace {

constexpr int kMaxSteps = 50;
constexpr int kMaxHalvings = 10;
constexpr double kSmallGain = 1e-7;  // Relative to the loss.
// Lists between two looks whether the line is still wanted.
constexpr size_t kListsOfLook = 64;

using Numbers = std::vector<double>;

// The loss at some weights, and how it changes with them.
struct Loss {
  double value = 0;
  Numbers gradient;
  // Row by row, the curvature without what the second half of the loss takes away; so it is
  // positive, and a step by it lowers the loss if it is short enough.
  Numbers curvature;
};

// Fits to rows whose features are divided by their deviations.
class LineFitter {
 public:
  // Borrows both.
  LineFitter(absl::Span<const LineRows> parts, const Wanted& wanted)
      : parts_(parts), wanted_(wanted), size_(parts[0].feature_count), scales_(ScalesOf()) {}

  absl::StatusOr<std::vector<float>> Fit() const {
    Numbers weights(size_);
    absl::StatusOr<Loss> loss = LossAt(weights, true);
    if (!loss.ok()) return loss.status();
    for (int step = 0; step < kMaxSteps; ++step) {
      const Numbers move = Solve(loss->curvature, loss->gradient);
      const double before = loss->value;
      double length = 1;
      Numbers moved(size_);
      for (int halving = 0; halving < kMaxHalvings; ++halving, length /= 2) {
        for (size_t i = 0; i < size_; ++i) moved[i] = weights[i] - length * move[i];
        const absl::StatusOr<Loss> shorter = LossAt(moved, false);
        if (!shorter.ok()) return shorter.status();
        if (shorter->value < before) break;
      }
      loss = LossAt(moved, true);
      if (!loss.ok()) return loss.status();
      if (!(loss->value < before)) break;
      weights = moved;
      if (before - loss->value < kSmallGain * before) break;
    }
    std::vector<float> line;
    for (size_t i = 0; i < size_; ++i) {
      line.push_back(std::clamp(static_cast<float>(weights[i] * scales_[i]),
                                -products::kMaxLineWeight, products::kMaxLineWeight));
    }
    return line;
  }

 private:
  // 1 / the deviation of each feature; 0 if it is the same in all rows.
  Numbers ScalesOf() const {
    Numbers sums(size_), squares(size_);
    double rows = 0;
    for (const LineRows& part : parts_) {
      rows += static_cast<double>(part.bought.size());
      for (size_t i = 0; i < part.features.size(); ++i) {
        const double feature = part.features[i];
        sums[i % size_] += feature;
        squares[i % size_] += feature * feature;
      }
    }
    Numbers scales(size_);
    for (size_t i = 0; i < size_; ++i) {
      const double mean = sums[i] / rows;
      const double variance = squares[i] / rows - mean * mean;
      if (variance > 1e-12 * (1 + mean * mean)) scales[i] = 1 / std::sqrt(variance);
    }
    return scales;
  }

  absl::StatusOr<Loss> LossAt(const Numbers& weights, bool with_slopes) const {
    Loss loss;
    loss.gradient.assign(size_, 0);
    loss.curvature.assign(size_ * size_, 0);
    for (size_t i = 0; i < size_; ++i) {
      loss.value += kLineRegularisation / 2 * weights[i] * weights[i];
      loss.gradient[i] = kLineRegularisation * weights[i];
      loss.curvature[i * size_ + i] = kLineRegularisation;
    }
    Numbers sums;
    for (const LineRows& part : parts_) {
      for (size_t list = 0; list < part.list_count(); ++list) {
        if (list % kListsOfLook == 0) {
          if (absl::Status status = wanted_(); !status.ok()) return status;
        }
        AddList(weights, part, part.begins[list], part.begins[list + 1], with_slopes, &sums, &loss);
      }
    }
    // Only the lower half was added up.
    for (size_t i = 0; i < size_; ++i) {
      for (size_t j = 0; j < i; ++j) loss.curvature[j * size_ + i] = loss.curvature[i * size_ + j];
    }
    return loss;
  }

  // Adds the list of the rows [begin, end) to `*loss`.
  void AddList(const Numbers& weights, const LineRows& part, size_t begin, size_t end,
               bool with_slopes, Numbers* sums, Loss* loss) const {
    Numbers scaled(size_);
    for (size_t i = 0; i < size_; ++i) scaled[i] = weights[i] * scales_[i];
    sums->clear();
    double highest = -std::numeric_limits<double>::infinity();
    for (size_t row = begin; row < end; ++row) {
      double sum = 0;
      const float* const features = part.features.data() + row * size_;
      for (size_t i = 0; i < size_; ++i) sum += scaled[i] * features[i];
      sums->push_back(sum);
      highest = std::max(highest, sum);
    }
    double all = 0, of_bought = 0, mean = 0, bought = 0;
    for (size_t row = begin; row < end; ++row) {
      const double above = (*sums)[row - begin] - highest;
      const double weight = std::exp(above);
      all += weight;
      if (part.bought[row] == 0) continue;
      of_bought += weight;
      mean += above;
      bought += 1;
    }
    of_bought = std::max(of_bought, std::numeric_limits<double>::min());
    loss->value += std::log(all) - mean / bought / 2 - std::log(of_bought) / 2;
    if (!with_slopes) return;
    Numbers centre(size_);
    Numbers features(size_);
    for (size_t row = begin; row < end; ++row) {
      const double weight = std::exp((*sums)[row - begin] - highest);
      const double share = weight / all;
      double pull = share;
      if (part.bought[row] != 0) pull -= (1 / bought + weight / of_bought) / 2;
      for (size_t i = 0; i < size_; ++i) {
        features[i] = part.features[row * size_ + i] * scales_[i];
        centre[i] += share * features[i];
        loss->gradient[i] += pull * features[i];
      }
      for (size_t i = 0; i < size_; ++i) {
        const double weighted = share * features[i];
        for (size_t j = 0; j <= i; ++j) loss->curvature[i * size_ + j] += weighted * features[j];
      }
    }
    for (size_t i = 0; i < size_; ++i) {
      for (size_t j = 0; j <= i; ++j) loss->curvature[i * size_ + j] -= centre[i] * centre[j];
    }
  }

  // The solution of a * x = b, where a is symmetric and positive definite, by elimination.
  Numbers Solve(Numbers a, Numbers b) const {
    for (size_t i = 0; i < size_; ++i) {
      for (size_t row = i + 1; row < size_; ++row) {
        const double factor = a[row * size_ + i] / a[i * size_ + i];
        for (size_t column = i; column < size_; ++column) {
          a[row * size_ + column] -= factor * a[i * size_ + column];
        }
        b[row] -= factor * b[i];
      }
    }
    for (size_t i = size_; i-- > 0;) {
      for (size_t column = i + 1; column < size_; ++column) {
        b[i] -= a[i * size_ + column] * b[column];
      }
      b[i] /= a[i * size_ + i];
    }
    return b;
  }

  const absl::Span<const LineRows> parts_;
  const Wanted& wanted_;
  const size_t size_;
  const Numbers scales_;
};

}  // namespace

absl::StatusOr<std::vector<float>> FitLine(absl::Span<const LineRows> parts, const Wanted& wanted) {
  size_t lists = 0;
  for (const LineRows& part : parts) lists += part.list_count();
  if (lists < kMinLineLists) return std::vector<float>();
  return LineFitter(parts, wanted).Fit();
}

}  // namespace clustr::training
