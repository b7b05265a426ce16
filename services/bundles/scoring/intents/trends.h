#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_TRENDS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_TRENDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/product_offers.h"

namespace clustr::scoring {

// The two periods that are compared, and their numbers of baskets. Days are since 1970-01-01.
struct TrendPeriods {
  int32_t earlier_start = 0;
  int32_t recent_start = 0;  // The earlier period ends on the day before.
  int32_t recent_end = 0;
  int64_t recent_baskets = 0;
  int64_t earlier_baskets = 0;
};

// How the sales of one product grew.
struct Trend {
  Item item = 0;
  int64_t recent = 0;   // Number of recent baskets that hold the product.
  int64_t earlier = 0;  // Number of earlier ones.
  double p_value = 1;   // One-sided, by Fisher's exact test.
  double score = 0;     // See v1.PRODUCT_INTENT_TRENDING.
};

// The growth of a product's share of all baskets that is exceeded with a confidence of 95 %, by the
// formula of v1.PRODUCT_INTENT_TRENDING; 0 without baskets in either period.
double CertainGrowth(int64_t recent, int64_t recent_baskets, int64_t earlier,
                     int64_t earlier_baskets);

// The number of p-values that are significant at this false discovery rate: the largest k such that
// the k-th smallest is at most k / their number * rate (Benjamini and Hochberg 1995). `ascending`
// must be sorted.
size_t SignificantCount(absl::Span<const double> ascending, double rate);

// How the sales of all products grew among the baskets of a selection. Immutable and thread-safe;
// borrows its arguments.
class Trends {
 public:
  static constexpr double kFalseDiscoveries = 0.05;
  static constexpr int32_t kEarlierPeriods = 4;  // The earlier period is so many times as long.

  // The recent days end on the newest day with a basket of the selection, or on `today` if that is
  // earlier. One pass over the days of all baskets, and over the lines of those of the periods.
  Trends(const index::Snapshot& snapshot, const index::Selection& selection, int32_t recent_days,
         int32_t today);

  const TrendPeriods& periods() const { return periods_; }
  Trend Of(Item item) const;
  // The products whose growth is significant, and which may be offered, best first: by score, then
  // by recent count, then by SKU. O(products), and a test for each that was sold.
  std::vector<Trend> Best(const ProductOffers& offers, size_t limit) const;

 private:
  // The largest p-value that is significant; below 0 if none is.
  double SignificanceLimit() const;

  const index::Snapshot& snapshot_;
  TrendPeriods periods_;
  std::vector<uint32_t> recent_;  // By Item.
  std::vector<uint32_t> earlier_;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_TRENDS_H_
