#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PRODUCT_ANSWERS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PRODUCT_ANSWERS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/index/co_counts.h"
#include "services/bundles/models/models.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::bundles {

// Answers requests for products, which are in ids alone and valid, from one state. Thread-safe;
// borrows the parts.
class ProductAnswers {
 public:
  explicit ProductAnswers(const Parts& parts) : parts_(parts) {}

  // FIELD_INVALID if the intent needs a trained model, and NOT_FOUND as in CountIntent. Fills in
  // neither unknown names nor more of the provenance than the model.
  absl::Status Recommend(const PopulationView& population,
                         const v1::RecommendProductsRequest& request,
                         v1::RecommendProductsResponse* response);

  // Explains a product of the answer, or why it is not in it. Leaves out what Recommend does.
  absl::Status Explain(const PopulationView& population,
                       const v1::RecommendProductsRequest& request, mining::Item item,
                       v1::ExplainProductResponse* response);

  // True if heuristic-v0 would answer for these products without counting anything.
  bool HasCounts(const index::Snapshot& shop, const v1::RecommendProductsRequest& request) const;

 private:
  // The products of an answer, and whether the trained model found them or heuristic-v0 did.
  struct Found {
    std::vector<scoring::ScoredProduct> products;
    bool by_trained = false;
  };

  absl::Status RecommendCounted(const PopulationView& population,
                                const v1::RecommendProductsRequest& request, int32_t today,
                                v1::RecommendProductsResponse* response);
  absl::Status ExplainCounted(const PopulationView& population,
                              const v1::RecommendProductsRequest& request, int32_t today,
                              mining::Item item, v1::ExplainProductResponse* response);
  // The products that `model` answers the query with, best first. Changes the query to that of
  // heuristic-v0 if that answers.
  Found Search(const KnownModel& model, const PopulationView& population,
               scoring::ProductQuery* query);

  const Parts parts_;
  index::CoCounts co_counts_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PRODUCT_ANSWERS_H_
