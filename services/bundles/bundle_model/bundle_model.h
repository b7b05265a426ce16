#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_MODEL_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_MODEL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// The trained model of bundles: how often will this bundle be bought within the horizon, and how
// much of that is more than chance?
namespace clustr::bundle_model {

// How purchases are weighed. See StrengthOf and RateShape.
struct RateShape {
  // A recent purchase counts half once it is so old; if this is 0, every purchase counts as one.
  double half_life_days = 0;
  double recent_power = 1;    // a, above 0 and at most 1.
  double demand_power = 0;    // c, at least 0.

  bool operator==(const RateShape&) const = default;
};

// How strongly a bundle sold, from the purchases that `shape` names:
//   recent^a * all^(1 - a) * weakest^c.
// So recent purchases and those of all time are averaged (the former are few, the latter are old),
// and a bundle is weak if one of its products hardly sells now. Not lower for more purchases of any
// kind; hence no bundle is stronger than one of its pairs.
double StrengthOf(const RateShape& shape, double recent, double all, double weakest);

// What is counted for a bundle. Recent purchases count by their age: one of the newest day counts
// 1, one of half_life_days earlier counts half.
struct BundleEvidence {
  double recent = 0;  // Recent baskets that hold the bundle.
  // The same, if its products were bought independently of each other: D * (d1 / D) * (d2 / D) ...,
  // where D are all baskets and di those that hold product i.
  double chance = 0;
  double days = 1;  // The days from the oldest basket to the newest one, counted by their age too.
  // The same three where all baskets count fully.
  double all = 0;
  double all_chance = 0;
  double all_days = 1;
  double weakest = 0;  // The least of the di of the recent baskets.
  double share = 1;    // The population's share of the purchases of the bundle.
};

// The parameters. With the evidence above and a horizon of H days, and with strengths per day (of
// `weakest` per kDemandDays, which only sets a scale),
//   expected  = share * scale * H * StrengthOf(recent, all, weakest)  purchases within the horizon,
//   by_chance = share * scale * H * StrengthOf(chance, all_chance, weakest)  of them by chance,
//   score     = expected - chance_weight * by_chance.
// For the probability that there is at least one purchase, recent / days is drawn to chance by a
// prior of k days on which the bundle sells by chance, (recent + k * chance / days) / (days + k),
// which makes of `expected` the likely number:
//   probability = 1 - exp(-e^again_offset * likely^again_slope * by_chance^chance_slope).
// It is that of a Poisson distribution, calibrated by the last three parameters: many bundles are
// not bought again although they were bought often, fewest of those whose products still sell,
// which by_chance tells.
struct BundleModel {
  int32_t horizon_days = 28;  // At least 1.
  RateShape shape = {};
  double scale = 1;          // Above 0.
  double chance_weight = 1;  // From 0 to 1.
  double prior_days = 0;     // k, at least 0.
  double again_offset = 0;
  double again_slope = 1;  // Above 0.
  double chance_slope = 0;

  // The purchases that a strength stands for, before the share of a population.
  double PurchasesOf(double strength, const BundleEvidence& evidence) const;
  double Expected(const BundleEvidence& evidence) const;
  double ByChance(const BundleEvidence& evidence) const;
  // `Expected` with the prior.
  double Likely(const BundleEvidence& evidence) const;
  // The two parts of the score, which is exactly their sum: what the purchases add, and what chance
  // takes away.
  double PurchasePart(const BundleEvidence& evidence) const { return Expected(evidence); }
  double ChancePart(const BundleEvidence& evidence) const {
    return -chance_weight * ByChance(evidence);
  }
  double Score(const BundleEvidence& evidence) const {
    return PurchasePart(evidence) + ChancePart(evidence);
  }
  double Probability(const BundleEvidence& evidence) const;

  bool operator==(const BundleModel&) const = default;
};

inline constexpr double kDemandDays = 28;

// The names of the parts of a score, the purchases and what chance takes away, in Model.features.
inline constexpr const char* kFeatures[] = {"recent_purchases", "purchases_by_chance"};

// The least number of purchases, expected or by chance, so that its logarithm is finite.
inline constexpr double kLeastExpected = 1e-6;

// True if all numbers are finite and within the ranges above. Whatever a file holds, a valid model
// can be served.
bool ValidateModel(const BundleModel& model);

// The model as bytes: all numbers in a fixed order, little endian.
std::string EncodeModel(const BundleModel& model);
// The model of EncodeModel; nullopt if the bytes are not exactly those of a valid model. Those of
// earlier versions, which knew no powers, scale and weight, are read too.
std::optional<BundleModel> DecodeModel(absl::string_view bytes);

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_MODEL_H_
