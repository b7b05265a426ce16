#include "services/bundles/products/ranker/ranker_features.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace clustr::products {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

float Log1p(double value) { return static_cast<float>(std::log(value + 1)); }

// log2(smallest distance to one of `skus`, which ascend, + 1), passing over itself if asked to.
float Distance(absl::Span<const int64_t> skus, int64_t sku, bool skips_itself) {
  auto after = std::lower_bound(skus.begin(), skus.end(), sku);
  double smallest = std::numeric_limits<double>::infinity();
  if (after != skus.begin()) {
    smallest = static_cast<double>(sku) - static_cast<double>(*(after - 1));
  }
  if (skips_itself && after != skus.end() && *after == sku) ++after;
  if (after != skus.end()) {
    smallest = std::min(smallest, static_cast<double>(*after) - static_cast<double>(sku));
  }
  return std::isinf(smallest) ? kNone : static_cast<float>(std::log2(smallest + 1));
}

// The highest of the scores; at least 0. Several at a time, because each comparison of one chain
// would wait for the one before it.
float HighestOf(absl::Span<const float> scores) {
  float highest[FeatureTable::kLanes] = {};
  size_t i = 0;
  for (; i + FeatureTable::kLanes <= scores.size(); i += FeatureTable::kLanes) {
    for (size_t k = 0; k < FeatureTable::kLanes; ++k) {
      highest[k] = highest[k] < scores[i + k] ? scores[i + k] : highest[k];
    }
  }
  for (; i < scores.size(); ++i) highest[0] = std::max(highest[0], scores[i]);
  return *std::max_element(std::begin(highest), std::end(highest));
}

// For all links of `links`, calls add(row of the target, weight). Products that are no candidates
// have rows behind the last, whose numbers nobody reads: to add there costs less than to decide.
template <class Add>
inline void ForEachLink(const ProductLinks::Row& links, absl::Span<const uint32_t> rows, Add add) {
  for (size_t i = 0; i < links.targets.size(); ++i) add(rows[links.targets[i]], links.weights[i]);
}

}  // namespace

FeatureMaker::FeatureMaker(const ProductModel& model, const TaskModel& task)
    : model_(model), task_(task) {
  for (size_t product = 0; product < model.skus.size(); ++product) {
    const double count = model.counts[product];
    const double recent = model.recent[product];
    const ProductTimes& times = task.ranker->times[product];
    log_popularity_.push_back(Log1p(count));
    log_recent_.push_back(Log1p(recent));
    trend_.push_back(static_cast<float>(std::log((recent + 1) / (count + 5))));
    days_since_first_.push_back(static_cast<float>(times.first_days));
    days_since_last_.push_back(static_cast<float>(times.last_days));
  }
}

void FeatureMaker::AddBasket(const RankedCase& ranked, Scratch* scratch,
                             FeatureTable* table) const {
  table->Fill(kBasketSize, static_cast<float>(ranked.basket.size()));
  if (ranked.basket.empty()) {
    for (const size_t column :
         {kSumOfLinks, kStrongestLink, kSumOfConfidences, kHighestConfidence, kConfidentShare,
          kBasketCustomers, kBasketPopularity, kBasketDistance}) {
      table->Fill(column, kNone);
    }
    return;
  }
  float* const links = table->column(kSumOfLinks).data();
  float* const strongest = table->column(kStrongestLink).data();
  float* const confidences = table->column(kSumOfConfidences).data();
  float* const highest = table->column(kHighestConfidence).data();
  float* const confident = table->column(kConfidentShare).data();
  float* const customers = table->column(kBasketCustomers).data();
  const auto size = static_cast<double>(ranked.basket.size());
  const float part = 1 / static_cast<float>(ranked.basket.size());
  double popularity = 0;
  scratch->basket_skus.clear();
  for (const ProductNumber product : ranked.basket) {
    ForEachLink(task_.basket_links.row(product), scratch->rows, [&](uint32_t row, float weight) {
      links[row] += weight;
      strongest[row] = std::max(strongest[row], weight);
    });
    ForEachLink(task_.ranker->confidence.row(product), scratch->rows,
                [&](uint32_t row, float weight) {
                  confidences[row] += weight;
                  highest[row] = std::max(highest[row], weight);
                  confident[row] += part;
                });
    ForEachLink(task_.history_links.row(product), scratch->rows,
                [&](uint32_t row, float weight) { customers[row] += weight; });
    popularity += std::log(model_.counts[product] + 1.0);
    scratch->basket_skus.push_back(model_.skus[product]);
  }
  table->Fill(kBasketPopularity, static_cast<float>(popularity / size));
  float* const distance = table->column(kBasketDistance).data();
  for (size_t row = 0; row < ranked.candidates.size(); ++row) {
    distance[row] = Distance(scratch->basket_skus, model_.skus[ranked.candidates[row]], false);
  }
}

void FeatureMaker::AddHistory(const RankedCase& ranked, Scratch* scratch,
                              FeatureTable* table) const {
  const std::vector<OwnRecord>& records = ranked.history.records;
  table->Fill(kOwnDaysSinceLast, kNone);
  table->Fill(kOwnInterval, kNone);
  if (records.empty()) {
    for (const size_t column :
         {kOwnPurchases, kOwnRecent, kOwnNewest, kOwnShare, kCustomerBaskets, kHistoryCustomers,
          kCustomerDays, kCustomerProducts, kHistoryDistance}) {
      table->Fill(column, kNone);
    }
    return;
  }
  float* const similar = table->column(kHistoryCustomers).data();
  const auto baskets = static_cast<float>(ranked.history.baskets);
  int32_t newest = std::numeric_limits<int32_t>::max();
  scratch->own_skus.clear();
  for (const OwnRecord& own : records) {
    ForEachLink(task_.history_links.row(own.product), scratch->rows,
                [&](uint32_t row, float weight) { similar[row] += weight; });
    scratch->own_skus.push_back(model_.skus[own.product]);
    newest = std::min(newest, own.last_days);
    const uint32_t row = scratch->rows[own.product];
    const auto times = static_cast<float>(own.baskets);
    table->column(kOwnPurchases)[row] = times;
    table->column(kOwnRecent)[row] = own.recent;
    table->column(kOwnNewest)[row] = own.newest;
    table->column(kOwnDaysSinceLast)[row] = static_cast<float>(own.last_days);
    table->column(kOwnShare)[row] = times / baskets;
    if (own.baskets < 2) continue;
    table->column(kOwnInterval)[row] =
        static_cast<float>(own.first_days - own.last_days) / static_cast<float>(own.baskets - 1);
  }
  table->Fill(kCustomerBaskets, baskets);
  table->Fill(kCustomerDays, static_cast<float>(newest));
  table->Fill(kCustomerProducts, static_cast<float>(records.size()));
  float* const distance = table->column(kHistoryDistance).data();
  for (size_t row = 0; row < ranked.candidates.size(); ++row) {
    distance[row] = Distance(scratch->own_skus, model_.skus[ranked.candidates[row]], true);
  }
}

void FeatureMaker::AddProducts(const RankedCase& ranked, FeatureTable* table) const {
  const float highest = HighestOf(ranked.scores);
  const std::pair<RankerColumn, const std::vector<float>*> kept[] = {
      {kLogPopularity, &log_popularity_},
      {kLogRecent, &log_recent_},
      {kTrend, &trend_},
      {kDaysSinceFirst, &days_since_first_},
      {kDaysSinceLast, &days_since_last_}};
  for (const auto& [column, values] : kept) {
    float* const numbers = table->column(column).data();
    for (size_t row = 0; row < ranked.candidates.size(); ++row) {
      numbers[row] = (*values)[ranked.candidates[row]];
    }
  }
  float* const scores = table->column(kTaskScore).data();
  float* const shares = table->column(kTaskShare).data();
  for (size_t row = 0; row < ranked.candidates.size(); ++row) {
    scores[row] = ranked.scores[ranked.candidates[row]];
    shares[row] = highest > 0 ? scores[row] / highest : 0;
  }
}

void FeatureMaker::Make(const RankedCase& ranked, Scratch* scratch, FeatureTable* table) const {
  table->Reset(ranked.candidates.size(), kRankerFeatureCount);
  // Several rows for the others, because additions to one would wait for each other.
  const auto behind = static_cast<uint32_t>(ranked.candidates.size());
  scratch->rows.resize(model_.skus.size());
  for (ProductNumber product = 0; product < scratch->rows.size(); ++product) {
    scratch->rows[product] = behind + product % FeatureTable::kLanes;
  }
  for (size_t row = 0; row < ranked.candidates.size(); ++row) {
    scratch->rows[ranked.candidates[row]] = static_cast<uint32_t>(row);
  }
  AddBasket(ranked, scratch, table);
  AddHistory(ranked, scratch, table);
  AddProducts(ranked, table);
}

}  // namespace clustr::products
