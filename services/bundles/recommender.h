#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMENDER_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMENDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "common/rpc/call.h"
#include "services/bundles/index/co_counts.h"
#include "services/bundles/serving.h"

namespace clustr::bundles {

// RecommendBundles, which takes long, and RecommendProducts, which does not. Thread-safe; borrows
// what `serving` names.
class Recommender {
 public:
  using BundlesCall = rpc::Call<v1::RecommendBundlesRequest, v1::RecommendBundlesResponse>;
  using ProductsCall = rpc::Call<v1::RecommendProductsRequest, v1::RecommendProductsResponse>;

  explicit Recommender(const Serving& serving) : serving_(serving) {}

  // Rules of the requests beyond those of their .proto.
  static void Check(const v1::RecommendBundlesRequest& request, std::vector<Violation>* violations);
  static void Check(const v1::RecommendProductsRequest& request,
                    std::vector<Violation>* violations);

  // On a thread for reads.
  void Bundles(BundlesCall* call);
  void Products(ProductsCall* call);

 private:
  absl::Status RecommendBundles(const v1::RecommendBundlesRequest& request,
                                v1::RecommendBundlesResponse* response);
  void RecommendProducts(const v1::RecommendProductsRequest& request,
                         v1::RecommendProductsResponse* response);
  void FillScored(const PopulationView& population, const std::string& model_id,
                  v1::Provenance* provenance);

  const Serving serving_;
  index::CoCounts co_counts_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMENDER_H_
