#include "services/bundles/recommend/dropped_bounds.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/bundles/recommend/scoring_query.h"

namespace clustr::bundles {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using v1::RecommendBundlesRequest;
using v1::RecommendProductsRequest;

// The bounds that hold where they are unset, as values that bound nothing.
v1::BundleConstraints LoosestBundles() {
  v1::BundleConstraints loosest;
  loosest.set_min_items(2);
  loosest.set_max_items(5);
  loosest.set_min_support(0);
  loosest.set_min_confidence(0);
  loosest.set_min_count(1);
  loosest.set_in_stock_only(false);
  return loosest;
}

v1::ProductConstraints LoosestProducts() {
  v1::ProductConstraints loosest;
  loosest.set_in_stock_only(false);
  return loosest;
}

bool Has(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

// Sets one field of `target` to what `source` has, absent included.
void CopyField(const Message& source, const FieldDescriptor& field, Message* target) {
  const std::unique_ptr<Message> only(source.New());
  only->CopyFrom(source);
  for (int i = 0; i < source.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* other = source.GetDescriptor()->field(i);
    if (other != &field) only->GetReflection()->ClearField(only.get(), other);
  }
  target->GetReflection()->ClearField(target, &field);
  target->MergeFrom(*only);
}

// Drops each field of the part `bounds_of(&request)` that `asked` sets or `loosest` has.
template <class Request, class Bounds, class BoundsOf>
void DropFields(const std::string& path, const Request& request, const Bounds& asked,
                const Bounds& loosest, BoundsOf bounds_of,
                std::vector<DroppedBound<Request>>* dropped) {
  for (int i = 0; i < Bounds::descriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *Bounds::descriptor()->field(i);
    if (!Has(asked, field) && !Has(loosest, field)) continue;
    DroppedBound<Request> bound = {absl::StrCat(path, ".", field.name()), request};
    CopyField(loosest, field, bounds_of(&bound.without));
    dropped->push_back(std::move(bound));
  }
}

}  // namespace

std::vector<DroppedBound<RecommendBundlesRequest>> DropBounds(
    const index::Snapshot& shop, const RecommendBundlesRequest& request) {
  std::vector<DroppedBound<RecommendBundlesRequest>> dropped;
  RecommendBundlesRequest filled = request;
  *filled.mutable_population() = FilledPopulation(shop, request);
  filled.clear_customer_id();

  DropFields(
      "population", filled, request.population(), v1::Population(),
      [](RecommendBundlesRequest* r) { return r->mutable_population(); }, &dropped);
  if (!MessageDifferencer::Equals(filled.population(), request.population())) {
    dropped.push_back({"customer_id", filled});
    *dropped.back().without.mutable_population() = request.population();
  }
  if (!request.anchor_skus().empty()) {
    dropped.push_back({"anchor_skus", filled});
    dropped.back().without.clear_anchor_skus();
  }
  DropFields(
      "constraints", filled, request.constraints(), LoosestBundles(),
      [](RecommendBundlesRequest* r) { return r->mutable_constraints(); }, &dropped);
  return dropped;
}

std::vector<DroppedBound<RecommendProductsRequest>> DropBounds(
    const RecommendProductsRequest& request) {
  std::vector<DroppedBound<RecommendProductsRequest>> dropped;
  DropFields(
      "constraints", request, request.constraints(), LoosestProducts(),
      [](RecommendProductsRequest* r) { return r->mutable_constraints(); }, &dropped);
  return dropped;
}

}  // namespace clustr::bundles
