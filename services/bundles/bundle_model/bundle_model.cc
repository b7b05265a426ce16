#include "services/bundles/bundle_model/bundle_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace clustr::bundle_model {
namespace {

static_assert(std::endian::native == std::endian::little, "the bytes are those of memory");

}  // namespace

double BundleModel::Expected(const BundleEvidence& evidence) const {
  const double by_prior = prior_days * evidence.chance / evidence.days;
  return evidence.share * horizon_days * (evidence.recent + by_prior) /
         (evidence.days + prior_days);
}

double BundleModel::ByChance(const BundleEvidence& evidence) const {
  return evidence.share * horizon_days * evidence.chance / evidence.days;
}

double BundleModel::PurchasePart(const BundleEvidence& evidence) const {
  return evidence.share * horizon_days * evidence.recent / (evidence.days + prior_days);
}

double BundleModel::ChancePart(const BundleEvidence& evidence) const {
  return -(evidence.share * horizon_days * evidence.chance / (evidence.days + prior_days));
}

double BundleModel::Probability(const BundleEvidence& evidence) const {
  const double expected = std::log(std::max(Expected(evidence), kLeastExpected));
  const double by_chance = std::log(std::max(ByChance(evidence), kLeastExpected));
  return -std::expm1(-std::exp(again_offset + again_slope * expected + chance_slope * by_chance));
}

bool ValidateModel(const BundleModel& model) {
  const double numbers[] = {model.half_life_days, model.prior_days, model.again_offset,
                            model.again_slope, model.chance_slope};
  return std::all_of(std::begin(numbers), std::end(numbers),
                     [](double number) { return std::isfinite(number); }) &&
         model.horizon_days >= 1 && model.half_life_days >= 0 && model.prior_days >= 0 &&
         model.again_slope > 0;
}

std::string EncodeModel(const BundleModel& model) {
  const double numbers[] = {static_cast<double>(model.horizon_days),
                            model.half_life_days,
                            model.prior_days,
                            model.again_offset,
                            model.again_slope,
                            model.chance_slope};
  return std::string(reinterpret_cast<const char*>(numbers), sizeof(numbers));
}

std::optional<BundleModel> DecodeModel(absl::string_view bytes) {
  double numbers[6];
  if (bytes.size() != sizeof(numbers)) return std::nullopt;
  std::memcpy(numbers, bytes.data(), sizeof(numbers));
  if (!(numbers[0] >= 1 && numbers[0] <= INT32_MAX)) return std::nullopt;
  const BundleModel model = {.horizon_days = static_cast<int32_t>(numbers[0]),
                             .half_life_days = numbers[1],
                             .prior_days = numbers[2],
                             .again_offset = numbers[3],
                             .again_slope = numbers[4],
                             .chance_slope = numbers[5]};
  if (!ValidateModel(model) || EncodeModel(model) != bytes) return std::nullopt;
  return model;
}

}  // namespace clustr::bundle_model
