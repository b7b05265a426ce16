#include "services/bundles/scoring/intents/trends.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "services/bundles/mining/measures/p_value.h"

namespace clustr::scoring {
namespace {

using index::Selection;
using index::Slot;
using index::Snapshot;

constexpr double kNormal95 = 1.645;  // Exceeded with a probability of 5 %.

template <typename Visit>
void ForEachSlot(const Selection& selection, Visit visit) {
  for (size_t w = 0; w < selection.words.size(); ++w) {
    for (uint64_t word = selection.words[w]; word != 0; word &= word - 1) {
      visit(static_cast<Slot>(w * 64 + std::countr_zero(word)));
    }
  }
}

}  // namespace

double CertainGrowth(int64_t recent, int64_t recent_baskets, int64_t earlier,
                     int64_t earlier_baskets) {
  if (recent_baskets == 0 || earlier_baskets == 0) return 0;
  const double a = static_cast<double>(recent) + 0.5;
  const double all_a = static_cast<double>(recent_baskets) + 0.5;
  const double b = static_cast<double>(earlier) + 0.5;
  const double all_b = static_cast<double>(earlier_baskets) + 0.5;
  const double error = std::sqrt(1 / a - 1 / all_a + 1 / b - 1 / all_b);
  return std::exp(std::log((a / all_a) / (b / all_b)) - kNormal95 * error);
}

size_t SignificantCount(absl::Span<const double> ascending, double rate) {
  for (size_t k = ascending.size(); k > 0; --k) {
    const double limit = rate * static_cast<double>(k) / static_cast<double>(ascending.size());
    if (ascending[k - 1] <= limit) return k;
  }
  return 0;
}

Trends::Trends(const Snapshot& snapshot, const Selection& selection, int32_t recent_days,
               int32_t today)
    : snapshot_(snapshot), recent_(snapshot.item_count()), earlier_(snapshot.item_count()) {
  if (selection.basket_count == 0) return;
  int32_t newest = INT32_MIN;
  ForEachSlot(selection, [&](Slot slot) { newest = std::max(newest, snapshot.epoch_day(slot)); });
  periods_.recent_end = std::min(newest, today);
  periods_.recent_start = periods_.recent_end - recent_days + 1;
  periods_.earlier_start = periods_.recent_start - kEarlierPeriods * recent_days;
  ForEachSlot(selection, [&](Slot slot) {
    const int32_t day = snapshot.epoch_day(slot);
    if (day < periods_.earlier_start || day > periods_.recent_end) return;
    const bool is_recent = day >= periods_.recent_start;
    ++(is_recent ? periods_.recent_baskets : periods_.earlier_baskets);
    std::vector<uint32_t>& counts = is_recent ? recent_ : earlier_;
    for (const Item item : snapshot.items(slot)) ++counts[item];
  });
}

Trend Trends::Of(Item item) const {
  Trend trend = {.item = item};
  if (item >= recent_.size()) return trend;
  trend.recent = recent_[item];
  trend.earlier = earlier_[item];
  trend.p_value =
      mining::FisherPValue({.count_a = periods_.recent_baskets,
                            .count_b = trend.recent + trend.earlier,
                            .count_ab = trend.recent,
                            .basket_count = periods_.recent_baskets + periods_.earlier_baskets})
          .value;
  trend.score =
      CertainGrowth(trend.recent, periods_.recent_baskets, trend.earlier, periods_.earlier_baskets);
  return trend;
}

double Trends::SignificanceLimit() const {
  std::vector<double> values;
  for (Item item = 0; item < recent_.size(); ++item) {
    if (recent_[item] + earlier_[item] > 0) values.push_back(Of(item).p_value);
  }
  std::sort(values.begin(), values.end());
  const size_t significant = SignificantCount(values, kFalseDiscoveries);
  return significant == 0 ? -1 : values[significant - 1];
}

std::vector<Trend> Trends::Best(const ProductOffers& offers, size_t limit) const {
  const double significant = SignificanceLimit();
  std::vector<Trend> found;
  for (Item item = 0; item < recent_.size(); ++item) {
    if (recent_[item] == 0) continue;
    const Trend trend = Of(item);
    if (trend.p_value <= significant && offers.Has(item)) found.push_back(trend);
  }
  std::sort(found.begin(), found.end(), [&](const Trend& a, const Trend& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.recent != b.recent) return a.recent > b.recent;
    return snapshot_.sku_of(a.item) < snapshot_.sku_of(b.item);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace clustr::scoring
