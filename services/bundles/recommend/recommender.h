#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDER_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "common/rpc/call.h"
#include "services/bundles/index/co_counts.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::bundles {

// The calls of RecommendationService: those about bundles, which take long and stop soon once
// nobody waits for them, and RecommendProducts, which does not. Thread-safe; borrows what `parts`
// names.
class Recommender {
 public:
  using BundlesCall = rpc::Call<v1::RecommendBundlesRequest, v1::RecommendBundlesResponse>;
  using ProductsCall = rpc::Call<v1::RecommendProductsRequest, v1::RecommendProductsResponse>;
  using ScoreCall = rpc::Call<v1::ScoreBundlesRequest, v1::ScoreBundlesResponse>;
  using ExplainCall = rpc::Call<v1::ExplainBundleRequest, v1::ExplainBundleResponse>;

  explicit Recommender(const Parts& parts) : parts_(parts) {}

  // Rules of the requests beyond those of their .proto.
  static void Check(const v1::RecommendBundlesRequest& request, std::vector<Violation>* violations);
  static void Check(const v1::RecommendProductsRequest& request,
                    std::vector<Violation>* violations);
  static void Check(const v1::ExplainBundleRequest& request, std::vector<Violation>* violations);

  // On a thread for reads.
  void Bundles(BundlesCall* call);
  void Products(ProductsCall* call);
  // On any thread: answers a small request whose counts are all in memory; false for any other.
  bool ProductsAtHand(const v1::RecommendProductsRequest& request,
                      v1::RecommendProductsResponse* response);
  void Score(ScoreCall* call);
  void Explain(ExplainCall* call);

 private:
  // Runs `answer(wanted)` on a thread for what takes long, once the revisions that `call` wants are
  // visible and if there is a model of this id.
  template <class Call, class Answer>
  void Run(Call* call, const std::string& model_id, Answer answer);

  absl::Status RecommendBundles(const v1::RecommendBundlesRequest& request, scoring::Wanted wanted,
                                v1::RecommendBundlesResponse* response);
  void RecommendProducts(const v1::RecommendProductsRequest& request,
                         v1::RecommendProductsResponse* response);
  absl::Status ScoreBundles(const v1::ScoreBundlesRequest& request, scoring::Wanted wanted,
                            v1::ScoreBundlesResponse* response);
  absl::Status ExplainBundle(const v1::ExplainBundleRequest& request, scoring::Wanted wanted,
                             v1::ExplainBundleResponse* response);
  void FillScored(const PopulationView& population, const std::string& model_id,
                  v1::Provenance* provenance);

  const Parts parts_;
  index::CoCounts co_counts_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDER_H_
