#include "services/bundles/products/ranker/line_features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "services/bundles/products/ranker/ranker_features.h"

namespace clustr::products {
namespace {

using Row = std::array<double, kLineFeatureCount>;

// Sets the features that begin with `own_` but those told from what others buy.
void AddOwn(const FeatureTable& table, size_t row, double log_again, Row* features) {
  const auto number = [&](RankerColumn column) -> double { return table.column(column)[row]; };
  const double log_times = std::log(number(kOwnPurchases));
  const double days = number(kOwnDaysSinceLast);
  const double skipped = days - number(kCustomerDays);
  const double log_baskets = std::log(number(kCustomerBaskets));
  const double interval = number(kOwnInterval);
  const double due = std::isnan(interval) ? 0 : std::log((days + 1) / (interval + 1));
  const double own[] = {1,
                        log_times,
                        std::sqrt(number(kOwnPurchases)),
                        std::log(number(kOwnRecent) + 0.05),
                        std::log(number(kOwnNewest) + 0.02),
                        std::log(days + 1),
                        skipped == 0 ? 1.0 : 0.0,
                        std::log(skipped + 1),
                        log_baskets,
                        log_times * log_baskets,
                        std::log(number(kCustomerProducts)),
                        log_again,
                        log_times * log_again,
                        number(kOwnPurchases) == 1 ? 1.0 : 0.0,
                        due,
                        due * due};
  std::copy(std::begin(own), std::end(own), features->begin());
}

}  // namespace

LineMaker::LineMaker(const ProductModel& model) {
  for (const float again : model.again) log_again_.push_back(std::log(again));
}

void LineMaker::Make(absl::Span<const ProductNumber> candidates, const FeatureTable& table,
                     FeatureTable* line) const {
  line->Reset(candidates.size(), kLineFeatureCount);
  const absl::Span<const float> similar = table.column(kHistoryCustomers);
  double highest = 0;
  for (size_t row = 0; row < candidates.size(); ++row) {
    highest = std::max<double>(highest, similar[row]);
  }
  for (size_t row = 0; row < candidates.size(); ++row) {
    Row features = {};
    const bool bought = table.column(kOwnPurchases)[row] > 0;
    if (bought) {
      AddOwn(table, row, log_again_.empty() ? 0 : log_again_[candidates[row]], &features);
    }
    const double sales = table.column(kLogRecent)[row];
    const double share = highest > 0 ? std::max(0.0, similar[row] / highest) : 0;
    const double log_similar = std::log(share + 0.01);
    const double others[] = {sales,       bought ? sales : 0,
                             log_similar, bought ? log_similar : 0,
                             share,       std::log(table.column(kTaskShare)[row] + 0.001)};
    std::copy(std::begin(others), std::end(others),
              features.end() - static_cast<ptrdiff_t>(std::size(others)));
    for (size_t i = 0; i < features.size(); ++i) {
      line->column(i)[row] = static_cast<float>(features[i]);
    }
  }
}

void SumLine(absl::Span<const float> weights, const FeatureTable& line, std::vector<float>* sums) {
  std::vector<double> added(line.row_count());
  for (size_t i = 0; i < weights.size(); ++i) {
    const absl::Span<const float> column = line.column(i);
    for (size_t row = 0; row < added.size(); ++row) added[row] += double{weights[i]} * column[row];
  }
  sums->assign(added.begin(), added.end());
}

}  // namespace clustr::products
