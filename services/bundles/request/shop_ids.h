#ifndef CLUSTR_SERVICES_BUNDLES_REQUEST_SHOP_IDS_H_
#define CLUSTR_SERVICES_BUNDLES_REQUEST_SHOP_IDS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/schema/validator.h"
#include "services/bundles/index/snapshot.h"

// Requests that name products and customers by the shop's own ids (external_id). A call that is
// given any is answered as if it had been given the ids of the same rows, as catalog has them at
// the state that answers.
namespace clustr::bundles {

// What a request called by an external_id that catalog does not have, and did not need to be there.
struct UnknownShopIds {
  std::vector<std::string> products;  // Each once.
  std::string customer;

  // Tells a response of them.
  template <class Response>
  void Fill(Response* response) const {
    for (const std::string& key : products) response->add_unknown_external_ids(key);
    if (!customer.empty()) response->set_unknown_customer_external_id(customer);
  }
};

// True if the request names anything by an external_id.
bool UsesShopIds(const v1::RecommendBundlesRequest& request);
bool UsesShopIds(const v1::RecommendProductsRequest& request);
bool UsesShopIds(const v1::ScoreBundlesRequest& request);
bool UsesShopIds(const v1::ExplainBundleRequest& request);
bool UsesShopIds(const v1::ExplainProductRequest& request);
bool UsesShopIds(const v1::ListAssociationRulesRequest& request);
bool UsesShopIds(const v1::ExplainAssociationRuleRequest& request);

// Replaces each external_id by the id that it stands for. An unknown one of what an answer is about
// (an anchor, a side of a rule, a product of a given bundle, or of an intent about one) is
// NOT_FOUND with reason PRODUCT_NOT_FOUND, which names them. Any other is added to `unknown`; an
// unknown customer keeps customer_external_id, which no other code looks up, and so has no history.
// O(entries).
absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::RecommendBundlesRequest* request,
                            UnknownShopIds* unknown);
absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::RecommendProductsRequest* request,
                            UnknownShopIds* unknown);
absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ScoreBundlesRequest* request,
                            UnknownShopIds* unknown);
absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ExplainBundleRequest* request,
                            UnknownShopIds* unknown);
absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ExplainProductRequest* request,
                            UnknownShopIds* unknown);
absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ListAssociationRulesRequest* request,
                            UnknownShopIds* unknown);
absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ExplainAssociationRuleRequest* request,
                            UnknownShopIds* unknown);

// A request in ids alone. Copies the request only if it uses external_ids.
template <class Request>
class RequestById {
 public:
  // `check(request, &violations)` appends the violations of rules that the .proto cannot express.
  // They are checked again, because two names may turn out to be one product. Borrows `request`.
  template <class Check>
  static absl::StatusOr<RequestById> Make(const index::Snapshot& shop, const Request& request,
                                          const Check& check) {
    RequestById by_id(&request);
    if (!UsesShopIds(request)) return by_id;
    by_id.copy_ = request;
    CLUSTR_RETURN_IF_ERROR(ReplaceShopIds(shop, &by_id.copy_, &by_id.unknown_));
    by_id.request_ = nullptr;
    std::vector<Violation> violations;
    schema::ValidatorOf<Request>().Check(by_id.copy_, "", &violations);
    check(by_id.copy_, &violations);
    if (!violations.empty()) return ViolationError(std::move(violations));
    return by_id;
  }

  const Request& operator*() const { return request_ == nullptr ? copy_ : *request_; }
  const UnknownShopIds& unknown() const { return unknown_; }

 private:
  explicit RequestById(const Request* request) : request_(request) {}

  const Request* request_;  // nullptr: copy_ has it.
  Request copy_;
  UnknownShopIds unknown_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_REQUEST_SHOP_IDS_H_
