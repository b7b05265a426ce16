#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_EXPLAINER_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_EXPLAINER_H_

#include <vector>

#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/errors.h"
#include "services/bundles/answers/population_views.h"

// Answers ExplainAssociationRule: the evidence for two sets of products, frequent or not.
namespace clustr::bundles {

// Appends the violations of rules that the .proto cannot express.
void CheckExplain(const v1::ExplainAssociationRuleRequest& request,
                  std::vector<Violation>* violations);

// Fills in everything but the provenance. O(postings of the rarest product of each side).
void Explain(const PopulationView& population, const v1::ExplainAssociationRuleRequest& request,
             v1::ExplainAssociationRuleResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_EXPLAINER_H_
