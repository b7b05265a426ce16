#include "services/bundles/bundle_model/bundle_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "absl/strings/match.h"

namespace clustr::bundle_model {
namespace {

// The numbers of a model in its bytes; an earlier version had the first of them.
constexpr size_t kNumbers = 10;
constexpr size_t kEarlierNumbers = 6;
using Numbers = std::array<double, kNumbers>;

Numbers NumbersOf(const BundleModel& model) {
  return {static_cast<double>(model.horizon_days),
          model.shape.half_life_days,
          model.prior_days,
          model.again_offset,
          model.again_slope,
          model.chance_slope,
          model.shape.recent_power,
          model.shape.demand_power,
          model.scale,
          model.chance_weight};
}

double PowerOf(double base, double power) {
  if (power == 0) return 1;
  return power == 1 ? base : std::pow(base, power);
}

static_assert(std::endian::native == std::endian::little, "the bytes are those of memory");

}  // namespace

double StrengthOf(const RateShape& shape, double recent, double all, double weakest) {
  return PowerOf(recent, shape.recent_power) * PowerOf(all, 1 - shape.recent_power) *
         PowerOf(weakest, shape.demand_power);
}

double BundleModel::PurchasesOf(double strength, const BundleEvidence& evidence) const {
  return scale * horizon_days * strength *
         PowerOf(kDemandDays / evidence.days, shape.demand_power) /
         (PowerOf(evidence.days, shape.recent_power) *
          PowerOf(evidence.all_days, 1 - shape.recent_power));
}

double BundleModel::Expected(const BundleEvidence& evidence) const {
  return evidence.share *
         PurchasesOf(StrengthOf(shape, evidence.recent, evidence.all, evidence.weakest), evidence);
}

double BundleModel::ByChance(const BundleEvidence& evidence) const {
  return evidence.share *
         PurchasesOf(StrengthOf(shape, evidence.chance, evidence.all_chance, evidence.weakest),
                     evidence);
}

double BundleModel::Likely(const BundleEvidence& evidence) const {
  BundleEvidence drawn = evidence;
  drawn.recent = (evidence.recent + prior_days * evidence.chance / evidence.days) /
                 (evidence.days + prior_days) * evidence.days;
  return Expected(drawn);
}

double BundleModel::Probability(const BundleEvidence& evidence) const {
  const double likely = std::log(std::max(Likely(evidence), kLeastExpected));
  const double by_chance = std::log(std::max(ByChance(evidence), kLeastExpected));
  return -std::expm1(-std::exp(again_offset + again_slope * likely + chance_slope * by_chance));
}

bool ValidateModel(const BundleModel& model) {
  const Numbers numbers = NumbersOf(model);
  const RateShape& shape = model.shape;
  return std::all_of(numbers.begin(), numbers.end(),
                     [](double number) { return std::isfinite(number); }) &&
         model.horizon_days >= 1 && shape.half_life_days >= 0 && shape.recent_power > 0 &&
         shape.recent_power <= 1 && shape.demand_power >= 0 && model.scale > 0 &&
         model.chance_weight >= 0 && model.chance_weight <= 1 && model.prior_days >= 0 &&
         model.again_slope > 0;
}

std::string EncodeModel(const BundleModel& model) {
  const Numbers numbers = NumbersOf(model);
  return std::string(reinterpret_cast<const char*>(numbers.data()), sizeof(numbers));
}

std::optional<BundleModel> DecodeModel(absl::string_view bytes) {
  Numbers numbers = NumbersOf(BundleModel());
  if (bytes.size() != sizeof(numbers) && bytes.size() != kEarlierNumbers * sizeof(double)) {
    return std::nullopt;
  }
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  if (!(numbers[0] >= 1 && numbers[0] <= INT32_MAX)) return std::nullopt;
  const BundleModel model = {.horizon_days = static_cast<int32_t>(numbers[0]),
                             .shape = {.half_life_days = numbers[1],
                                       .recent_power = numbers[6],
                                       .demand_power = numbers[7]},
                             .scale = numbers[8],
                             .chance_weight = numbers[9],
                             .prior_days = numbers[2],
                             .again_offset = numbers[3],
                             .again_slope = numbers[4],
                             .chance_slope = numbers[5]};
  if (!ValidateModel(model) || !absl::StartsWith(EncodeModel(model), bytes)) return std::nullopt;
  return model;
}

}  // namespace clustr::bundle_model
