#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PRODUCT_RECOMMENDER_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PRODUCT_RECOMMENDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "common/rpc/call.h"
#include "services/bundles/index/co_counts.h"
#include "services/bundles/recommend/products/product_answers.h"
#include "services/bundles/request/parts.h"

namespace clustr::bundles {

// Answers the calls of RecommendationService that are about single products, each in the queue of
// its class. Thread-safe; borrows `parts`.
class ProductRecommender {
 public:
  using ProductsCall = rpc::Call<v1::RecommendProductsRequest, v1::RecommendProductsResponse>;
  using ExplainCall = rpc::Call<v1::ExplainProductRequest, v1::ExplainProductResponse>;

  explicit ProductRecommender(const Parts& parts) : parts_(parts), answers_(parts) {}

  // Append the violations of rules that the .proto cannot express.
  static void Check(const v1::RecommendProductsRequest& request,
                    std::vector<Violation>* violations);
  static void Check(const v1::ExplainProductRequest& request, std::vector<Violation>* violations);

  // Answer calls. May be called on any thread.
  void Products(ProductsCall* call);
  void Explain(ExplainCall* call);

  // Answers a small request whose counts are all in memory; returns false for any other. May be
  // called on any thread.
  bool ProductsAtHand(const v1::RecommendProductsRequest& request,
                      v1::RecommendProductsResponse* response);

  // What answers, for calls that ask for many answers.
  ProductAnswers& answers() { return answers_; }

 private:
  absl::Status Recommend(const v1::RecommendProductsRequest& request,
                         v1::RecommendProductsResponse* response);
  absl::Status ExplainProduct(const v1::ExplainProductRequest& request,
                              v1::ExplainProductResponse* response);

  const Parts parts_;
  ProductAnswers answers_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PRODUCT_RECOMMENDER_H_
