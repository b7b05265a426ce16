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
#include "services/bundles/rules/sku_rule_query.h"

// Translation of requests into the types of the libraries below, and the checks that no option in a
// .proto can express. Pure functions. All but the checks require valid input.
namespace clustr::bundles {

index::Population PopulationOf(const v1::Population& population);
mining::Thresholds ThresholdsOf(const v1::RuleThresholds& thresholds);
// The thresholds that are set, and `defaults` for the others.
mining::Thresholds ThresholdsOf(const v1::RuleThresholds& thresholds,
                                const mining::Thresholds& defaults);
// Thresholds that every rule meets.
mining::Thresholds NoThresholds();
rules::SkuRuleQuery SkuRuleQueryOf(const v1::ListAssociationRulesRequest& request);

// The revisions that the answer to a request must cover.
template <class Request>
rpc::Revisions RevisionsOf(const Request& request) {
  return {request.min_sales_revision(), request.min_catalog_revision()};
}

inline rpc::Revisions RevisionsOf(const v1::ExplainBundleRequest& request) {
  return RevisionsOf(request.request());
}

inline rpc::Revisions RevisionsOf(const v1::ExplainProductRequest& request) {
  return RevisionsOf(request.request());
}

// The number of results that a request's `limit` means: 0 is `default_limit`, above 500 is 500.
size_t LimitOf(int32_t limit, size_t default_limit);

// Each of these checks appends the violations that it finds.

// The values are within their ranges, as far as the .proto cannot express them.
void CheckThresholds(const v1::RuleThresholds& thresholds, std::vector<Violation>* violations);

// `value`, if set, is between 0 and 1.
void CheckShare(absl::string_view field, std::optional<double> value,
                std::vector<Violation>* violations);

// `value`, if set, is finite.
void CheckFinite(absl::string_view field, std::optional<double> value,
                 std::vector<Violation>* violations);

// The fields `left_name` and `right_name`, which hold `left` and `right`, share no element.
void CheckDisjoint(absl::string_view left_name,
                   const google::protobuf::RepeatedField<int64_t>& left,
                   absl::string_view right_name,
                   const google::protobuf::RepeatedField<int64_t>& right,
                   std::vector<Violation>* violations);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_REQUEST_FROM_REQUEST_H_
