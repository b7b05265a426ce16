#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_SCORED_ANSWER_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_SCORED_ANSWER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/population.pb.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/request/shop_ids.h"

// What the calls that recommend share: the request in ids, the model, the provenance.
namespace clustr::bundles {

// True if the request is about a customer.
template <class Request>
bool NamesCustomer(const Request& request) {
  return request.has_customer_id() || !request.customer_external_id().empty();
}

// The request in ids alone, checked by `Checker::Check` if that takes it.
template <class Checker, class Request>
absl::StatusOr<RequestById<Request>> ById(const index::Snapshot& shop, const Request& request) {
  return RequestById<Request>::Make(shop, request, [](const auto& r, auto* violations) {
    if constexpr (requires { Checker::Check(r, violations); }) Checker::Check(r, violations);
  });
}

// The key by which traffic is divided: what the request gives, or else its customer; empty if there
// is neither. The request must be in ids alone.
template <class Request>
std::string TrafficKeyOf(const Request& request) {
  if (!request.traffic_key().empty()) return request.traffic_key();
  return request.has_customer_id() ? absl::StrCat("customer ", request.customer_id()) : "";
}

// The model that `model_id` names. It was found when the call began, but may have been removed
// since; then, and for "", the model that the traffic key gets.
ModelPtr ModelFor(const Parts& parts, const std::string& model_id, const std::string& traffic_key);

// Fills in what an answer of this model was computed from.
void FillScored(const Parts& parts, const PopulationView& population, const std::string& model_id,
                v1::Provenance* provenance);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_SCORED_ANSWER_H_
