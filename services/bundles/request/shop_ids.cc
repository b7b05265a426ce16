#include "services/bundles/request/shop_ids.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace clustr::bundles {
namespace {

using Keys = google::protobuf::RepeatedPtrField<std::string>;
using Skus = google::protobuf::RepeatedField<int64_t>;

// Moves the products of `keys` to `skus`, and the keys that catalog does not have to `unknown`.
void Replace(const index::Snapshot& shop, Keys* keys, Skus* skus,
             std::vector<std::string>* unknown) {
  absl::flat_hash_set<std::string> told(unknown->begin(), unknown->end());
  for (const std::string& key : *keys) {
    const int64_t sku = shop.sku_called(key);
    if (sku != 0) {
      skus->Add(sku);
    } else if (told.insert(key).second) {
      unknown->push_back(key);
    }
  }
  keys->Clear();
}

// OK if there are none. The first 20 are named.
absl::Status AllKnown(const std::vector<std::string>& missing) {
  return missing.empty() ? absl::OkStatus()
                         : NotFoundError("PRODUCT", {}, {"external_id", missing});
}

template <class Request>
void ReplaceCustomer(const index::Snapshot& shop, Request* request, UnknownShopIds* unknown) {
  if (request->customer_external_id().empty()) return;
  const int64_t customer_id = shop.customer_called(request->customer_external_id());
  if (customer_id == 0) {
    unknown->customer = request->customer_external_id();
  } else {
    request->set_customer_id(customer_id);
    request->clear_customer_external_id();
  }
}

template <class Constraints>
void ReplaceExcluded(const index::Snapshot& shop, Constraints* constraints,
                     UnknownShopIds* unknown) {
  Replace(shop, constraints->mutable_excluded_external_ids(), constraints->mutable_excluded_skus(),
          &unknown->products);
}

}  // namespace

bool UsesShopIds(const v1::RecommendBundlesRequest& request) {
  return !request.customer_external_id().empty() || !request.anchor_external_ids().empty() ||
         !request.constraints().excluded_external_ids().empty();
}

bool UsesShopIds(const v1::RecommendProductsRequest& request) {
  return !request.customer_external_id().empty() || !request.basket_external_ids().empty() ||
         !request.constraints().excluded_external_ids().empty();
}

bool UsesShopIds(const v1::ScoreBundlesRequest& request) {
  return std::any_of(request.bundles().begin(), request.bundles().end(),
                     [](const v1::Bundle& bundle) { return !bundle.external_ids().empty(); });
}

bool UsesShopIds(const v1::ExplainBundleRequest& request) {
  return !request.bundle_external_ids().empty() || UsesShopIds(request.request());
}

bool UsesShopIds(const v1::ExplainProductRequest& request) {
  return !request.product_external_id().empty() || UsesShopIds(request.request());
}

bool UsesShopIds(const v1::ListAssociationRulesRequest& request) {
  return !request.antecedent_external_ids().empty() || !request.consequent_external_ids().empty();
}

bool UsesShopIds(const v1::ExplainAssociationRuleRequest& request) {
  return !request.antecedent_external_ids().empty() || !request.consequent_external_ids().empty();
}

absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::RecommendBundlesRequest* request,
                            UnknownShopIds* unknown) {
  ReplaceCustomer(shop, request, unknown);
  if (request->has_constraints()) ReplaceExcluded(shop, request->mutable_constraints(), unknown);
  std::vector<std::string> missing;
  Replace(shop, request->mutable_anchor_external_ids(), request->mutable_anchor_skus(), &missing);
  return AllKnown(missing);
}

absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::RecommendProductsRequest* request,
                            UnknownShopIds* unknown) {
  ReplaceCustomer(shop, request, unknown);
  if (request->has_constraints()) ReplaceExcluded(shop, request->mutable_constraints(), unknown);
  const bool is_about_it = request->intent() == v1::PRODUCT_INTENT_SIMILAR ||
                           request->intent() == v1::PRODUCT_INTENT_AFTER;
  std::vector<std::string> missing;
  Replace(shop, request->mutable_basket_external_ids(), request->mutable_basket_skus(),
          is_about_it ? &missing : &unknown->products);
  return AllKnown(missing);
}

absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ScoreBundlesRequest* request,
                            UnknownShopIds*) {
  std::vector<std::string> missing;
  for (v1::Bundle& bundle : *request->mutable_bundles()) {
    Replace(shop, bundle.mutable_external_ids(), bundle.mutable_product_skus(), &missing);
  }
  return AllKnown(missing);
}

absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ExplainBundleRequest* request,
                            UnknownShopIds* unknown) {
  std::vector<std::string> missing;
  Replace(shop, request->mutable_bundle_external_ids(), request->mutable_bundle(), &missing);
  CLUSTR_RETURN_IF_ERROR(AllKnown(missing));
  if (!request->has_request()) return absl::OkStatus();
  return ReplaceShopIds(shop, request->mutable_request(), unknown);
}

absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ExplainProductRequest* request,
                            UnknownShopIds* unknown) {
  if (const std::string key = request->product_external_id(); !key.empty()) {
    const int64_t sku = shop.sku_called(key);
    if (sku == 0) return AllKnown({key});
    request->set_product_sku(sku);
    request->clear_product_external_id();
  }
  if (!request->has_request()) return absl::OkStatus();
  return ReplaceShopIds(shop, request->mutable_request(), unknown);
}

absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ListAssociationRulesRequest* request,
                            UnknownShopIds*) {
  std::vector<std::string> missing;
  Replace(shop, request->mutable_antecedent_external_ids(), request->mutable_antecedent_skus(),
          &missing);
  Replace(shop, request->mutable_consequent_external_ids(), request->mutable_consequent_skus(),
          &missing);
  return AllKnown(missing);
}

absl::Status ReplaceShopIds(const index::Snapshot& shop, v1::ExplainAssociationRuleRequest* request,
                            UnknownShopIds*) {
  std::vector<std::string> missing;
  Replace(shop, request->mutable_antecedent_external_ids(), request->mutable_antecedents(),
          &missing);
  Replace(shop, request->mutable_consequent_external_ids(), request->mutable_consequents(),
          &missing);
  return AllKnown(missing);
}

}  // namespace clustr::bundles
