#include "services/bundles/training/ranking_measures.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace clustr::training {
namespace {

double Discount(size_t place) { return 1 / std::log2(static_cast<double>(place) + 2); }

}  // namespace

Mean MeanOf(absl::Span<const double> values) {
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / count;
  if (values.size() == 1) return {mean, 0};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (count - 1) / count)};
}

std::vector<ProductNumber> TopProducts(absl::Span<const float> scores, size_t count,
                                       absl::Span<const ProductNumber> excluded) {
  const auto before = [&](ProductNumber a, ProductNumber b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  std::vector<ProductNumber> top;  // A heap with the last one in front.
  if (count == 0) return top;
  for (ProductNumber product = 0; product < scores.size(); ++product) {
    const bool full = top.size() == count;
    // An equal one comes later, since its number is higher.
    if (full && scores[product] <= scores[top.front()]) continue;
    if (std::binary_search(excluded.begin(), excluded.end(), product)) continue;
    if (full) {
      std::pop_heap(top.begin(), top.end(), before);
      top.pop_back();
    }
    top.push_back(product);
    std::push_heap(top.begin(), top.end(), before);
  }
  std::sort_heap(top.begin(), top.end(), before);
  return top;
}

void RankingMeasurement::Add(absl::Span<const float> scores, absl::Span<const ProductNumber> wanted,
                             absl::Span<const ProductNumber> excluded) {
  const std::vector<ProductNumber> top = TopProducts(scores, kTop, excluded);
  double gain = 0;
  double best = 0;
  double found = 0;
  for (size_t place = 0; place < top.size(); ++place) {
    shown_[top[place]] = true;
    if (!std::binary_search(wanted.begin(), wanted.end(), top[place])) continue;
    gain += Discount(place);
    found += 1;
    if (best == 0) best = 1 / (static_cast<double>(place) + 1);
  }
  double ideal = 0;
  for (size_t place = 0; place < std::min(kTop, wanted.size()); ++place) ideal += Discount(place);
  ndcg_.push_back(ideal == 0 ? 0 : gain / ideal);
  recall_.push_back(wanted.empty() ? 0 : found / static_cast<double>(wanted.size()));
  hit_.push_back(found > 0 ? 1 : 0);
  mrr_.push_back(best);
}

void RankingMeasurement::Append(const RankingMeasurement& other) {
  for (size_t product = 0; product < shown_.size(); ++product) {
    if (other.shown_[product]) shown_[product] = true;
  }
  for (auto values : {&RankingMeasurement::ndcg_, &RankingMeasurement::recall_,
                      &RankingMeasurement::hit_, &RankingMeasurement::mrr_}) {
    (this->*values).insert((this->*values).end(), (other.*values).begin(), (other.*values).end());
  }
}

RankingMeasures RankingMeasurement::Result() const {
  std::vector<double> quality;
  for (size_t i = 0; i < ndcg_.size(); ++i) {
    quality.push_back((ndcg_[i] + recall_[i] + hit_[i] + mrr_[i]) / 4);
  }
  const auto shown = static_cast<double>(std::count(shown_.begin(), shown_.end(), true));
  return {MeanOf(ndcg_),
          MeanOf(recall_),
          MeanOf(hit_),
          MeanOf(mrr_),
          shown_.empty() ? 0 : shown / static_cast<double>(shown_.size()),
          ndcg_,
          std::move(quality)};
}

}  // namespace clustr::training
