#include "services/bundles/recommend/bounds/dropped_bounds.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"

namespace clustr::bundles {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using v1::RecommendBundlesRequest;
using v1::RecommendProductsRequest;

// The options of a field of BundleConstraints, which hold its lowest and highest valid value.
const options::v1::Field& OptionsOf(int field_number) {
  return schema::FieldOptions(
      *v1::BundleConstraints::descriptor()->FindFieldByNumber(field_number));
}

// Values for the bounds that have a default, such that they bound nothing.
v1::BundleConstraints LoosestBundles(const RecommendBundlesRequest& request) {
  using Constraints = v1::BundleConstraints;
  Constraints loosest;
  loosest.set_min_items(static_cast<int32_t>(OptionsOf(Constraints::kMinItemsFieldNumber).min()));
  loosest.set_max_items(static_cast<int32_t>(OptionsOf(Constraints::kMaxItemsFieldNumber).max()));
  loosest.set_min_support(0);
  loosest.set_min_confidence(0);
  loosest.set_min_count(OptionsOf(Constraints::kMinCountFieldNumber).min());
  loosest.set_in_stock_only(false);
  if (request.constraints().has_max_overlap()) loosest.set_max_overlap(1);
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

// Copies one field from `source` to `target`; clears it there if `source` does not have it.
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

// Drops, one at a time, each field that is set in `asked` or `loosest`: gives it the value that it
// has in `loosest` within `bounds_of(&request)`.
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
    const RecommendBundlesRequest& request, const v1::Population& filled_population) {
  std::vector<DroppedBound<RecommendBundlesRequest>> dropped;
  RecommendBundlesRequest filled = request;
  *filled.mutable_population() = filled_population;

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
      "constraints", filled, request.constraints(), LoosestBundles(request),
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
