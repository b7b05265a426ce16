#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDER_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "common/rpc/call.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::bundles {

// Answers the calls of RecommendationService that are about bundles. They are long computations,
// which stop soon after the caller stops waiting. Thread-safe; borrows `parts`.
class Recommender {
 public:
  using BundlesCall = rpc::Call<v1::RecommendBundlesRequest, v1::RecommendBundlesResponse>;
  using ScoreCall = rpc::Call<v1::ScoreBundlesRequest, v1::ScoreBundlesResponse>;
  using ExplainCall = rpc::Call<v1::ExplainBundleRequest, v1::ExplainBundleResponse>;

  explicit Recommender(const Parts& parts) : parts_(parts) {}

  // Append the violations of rules that the .proto cannot express.
  static void Check(const v1::RecommendBundlesRequest& request, std::vector<Violation>* violations);
  static void Check(const v1::ExplainBundleRequest& request, std::vector<Violation>* violations);

  // Answer calls. May be called on any thread.
  void Bundles(BundlesCall* call);
  void Score(ScoreCall* call);
  void Explain(ExplainCall* call);

 private:
  // Runs `answer(wanted)` in the queue for searches once the revisions that `call` asks for are
  // visible. Ends the call with an error if there is no model of this id.
  template <class Call, class Answer>
  void Run(Call* call, const std::string& model_id, Answer answer);

  absl::Status RecommendBundles(const v1::RecommendBundlesRequest& request, scoring::Wanted wanted,
                                v1::RecommendBundlesResponse* response);
  absl::Status ScoreBundles(const v1::ScoreBundlesRequest& request, scoring::Wanted wanted,
                            v1::ScoreBundlesResponse* response);
  absl::Status ExplainBundle(const v1::ExplainBundleRequest& request, scoring::Wanted wanted,
                             v1::ExplainBundleResponse* response);

  const Parts parts_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDER_H_
