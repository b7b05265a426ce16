#ifndef CLUSTR_SERVICES_BUNDLES_REQUEST_FROM_REQUEST_H_
#define CLUSTR_SERVICES_BUNDLES_REQUEST_FROM_REQUEST_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/bundles/v1/population.pb.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "common/rpc/revision_gate.h"
#include "services/bundles/index/population.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/rules/rule_question.h"

// What requests mean to the libraries below, and the rules that no option in a .proto can say. Pure
// functions; the parts of requests are valid where no check is named.
namespace clustr::bundles {

index::Population PopulationOf(const v1::Population& population);
mining::Thresholds ThresholdsOf(const v1::RuleThresholds& thresholds);
rules::RuleQuestion QuestionOf(const v1::ListAssociationRulesRequest& request);

// Revisions that the answer to a request must cover.
template <class Request>
rpc::Revisions RevisionsOf(const Request& request) {
  return {request.min_sales_revision(), request.min_catalog_revision()};
}

inline rpc::Revisions RevisionsOf(const v1::ExplainBundleRequest& request) {
  return RevisionsOf(request.request());
}

// What a `limit` means: 0 is `otherwise`, above 500 is 500.
size_t LimitOf(int32_t limit, size_t otherwise);

// Each appends what is wrong.

void CheckThresholds(const v1::RuleThresholds& thresholds, std::vector<Violation>* violations);

// `value`, if set, is 0 to 1.
void CheckShare(absl::string_view field, std::optional<double> value,
                std::vector<Violation>* violations);

// `value`, if set, is a number.
void CheckNumber(absl::string_view field, std::optional<double> value,
                 std::vector<Violation>* violations);

// No element of `right` is in `left`, which is the field `left_name`.
void CheckDisjoint(absl::string_view left_name,
                   const google::protobuf::RepeatedField<int64_t>& left,
                   absl::string_view right_name,
                   const google::protobuf::RepeatedField<int64_t>& right,
                   std::vector<Violation>* violations);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_REQUEST_FROM_REQUEST_H_
