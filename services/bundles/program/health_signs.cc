#include "services/bundles/program/health_signs.h"

#include <utility>

#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "clustr/bundles/v1/model_service.grpc.pb.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"

namespace clustr::bundles {

void HealthSigns::Started(SetServing set_serving) {
  absl::MutexLock lock(&mutex_);
  set_serving_ = std::move(set_serving);
  Report();
}

void HealthSigns::FloorReady() {
  absl::MutexLock lock(&mutex_);
  if (std::exchange(floor_ready_, true)) return;
  Report();
}

void HealthSigns::CaughtUp() {
  absl::MutexLock lock(&mutex_);
  if (std::exchange(caught_up_, true)) return;
  Report();
}

void HealthSigns::TooFarBehind(bool too_far_behind) {
  absl::MutexLock lock(&mutex_);
  if (std::exchange(too_far_behind_, too_far_behind) == too_far_behind) return;
  Report();
}

void HealthSigns::LacksTooMuch(bool lacks_too_much) {
  absl::MutexLock lock(&mutex_);
  if (std::exchange(lacks_too_much_, lacks_too_much) == lacks_too_much) return;
  Report();
}

void HealthSigns::Damaged() {
  absl::MutexLock lock(&mutex_);
  damaged_ = true;
  Report();
}

bool HealthSigns::caught_up() const {
  absl::MutexLock lock(&mutex_);
  return caught_up_;
}

void HealthSigns::Report() {
  if (!set_serving_) return;
  set_serving_(v1::AssociationRuleService::service_full_name(), floor_ready_ && !damaged_);
  set_serving_(v1::ModelService::service_full_name(), !damaged_);
  set_serving_(v1::RecommendationService::service_full_name(), caught_up_ && !damaged_);
  set_serving_("", caught_up_ && !too_far_behind_ && !lacks_too_much_ && !damaged_);
}

}  // namespace clustr::bundles
