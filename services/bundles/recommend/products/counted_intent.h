#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_COUNTED_INTENT_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_COUNTED_INTENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/index/co_counts.h"
#include "services/bundles/scoring/product_offers.h"

// The intents of RecommendProducts that no model scores, because they are counted from the baskets.
namespace clustr::bundles {

using ProductMessages = google::protobuf::RepeatedPtrField<v1::ProductRecommendation>;

bool IsCounted(v1::ProductIntent intent);

// Appends a violation if an intent about one product has none or several, and for fields that only
// another intent takes. `path` is that of the request, with a dot, or empty.
void CheckCounted(const v1::RecommendProductsRequest& request, const std::string& path,
                  std::vector<Violation>* violations);

// One such intent, counted for one population and ready to be asked with any bounds. Immutable.
class CountedIntent {
 public:
  virtual ~CountedIntent() = default;

  // Adds the best products that may be offered, best first. Cheap beside the counting.
  virtual void AddBest(const scoring::ProductOffers& offers, size_t limit,
                       ProductMessages* products) const = 0;
  // Fills in the product and the parts of its score, whether or not it is among the best.
  virtual void Explain(mining::Item item, v1::ExplainProductResponse* response) const = 0;
};

// Counts for the intent of the request, which must be in ids alone and valid. NOT_FOUND with reason
// PRODUCT_NOT_FOUND if nobody has ever named the product that it is about. The population must
// outlive the result. `today` is in days since 1970-01-01.
absl::StatusOr<std::unique_ptr<const CountedIntent>> CountIntent(
    const PopulationView& population, const v1::RecommendProductsRequest& request, int32_t today,
    index::CoCounts* co_counts);

// What CountIntent makes, for each intent. `original` and `first` are the product that it is about.
std::unique_ptr<const CountedIntent> CountTrending(const PopulationView& population,
                                                   int32_t recent_days, int32_t today);
std::unique_ptr<const CountedIntent> CountSimilar(const PopulationView& population,
                                                  mining::Item original,
                                                  index::CoCounts* co_counts);
std::unique_ptr<const CountedIntent> CountAfter(const PopulationView& population,
                                                mining::Item first, int32_t within_days);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_COUNTED_INTENT_H_
