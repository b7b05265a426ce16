#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_MODEL_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_MODEL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// The trained model of bundles: how often will this bundle be bought within the horizon, and how
// much of that is more than chance?
namespace clustr::bundle_model {

// What is counted for a bundle. Purchases count by their recency: one of the newest day counts 1,
// one of half_life_days earlier counts half.
struct BundleEvidence {
  double recent = 0;  // Baskets that hold the bundle.
  // The same, if its products were bought independently of each other: D * (d1 / D) * (d2 / D) ...,
  // where D are all baskets and di those that hold product i.
  double chance = 0;
  double days = 1;   // The days from the oldest basket to the newest one.
  double share = 1;  // The population's share of the purchases of the bundle.
};

// The parameters. With the evidence above, a horizon of H days and a prior of k days on which the
// bundle sells by chance,
//   by_chance = share * H * chance / days  purchases within the horizon by chance,
//   expected  = share * H * (recent + k * chance / days) / (days + k)  purchases in all,
//   score     = expected - by_chance
//             = share * H * (recent - chance) / (days + k),
//   probability = 1 - exp(-e^again_offset * expected^again_slope * by_chance^chance_slope)
// that there is at least one purchase. It is that of a Poisson distribution, calibrated by the last
// three parameters: many bundles are not bought again although they were bought often, fewest of
// those whose products still sell, which by_chance tells.
struct BundleModel {
  int32_t horizon_days = 28;  // At least 1.
  double half_life_days = 0;  // 0: all purchases count fully.
  double prior_days = 0;      // k, at least 0.
  double again_offset = 0;
  double again_slope = 1;  // Above 0.
  double chance_slope = 0;

  double Expected(const BundleEvidence& evidence) const;
  double ByChance(const BundleEvidence& evidence) const;
  // The two parts of the score, which is exactly their sum: what the purchases add, and what chance
  // takes away.
  double PurchasePart(const BundleEvidence& evidence) const;
  double ChancePart(const BundleEvidence& evidence) const;
  double Score(const BundleEvidence& evidence) const {
    return PurchasePart(evidence) + ChancePart(evidence);
  }
  double Probability(const BundleEvidence& evidence) const;

  bool operator==(const BundleModel&) const = default;
};

// The names of the parts of a score, the purchases and what chance takes away, in Model.features.
inline constexpr const char* kFeatures[] = {"recent_purchases", "purchases_by_chance"};

// The least number of purchases, expected or by chance, so that its logarithm is finite.
inline constexpr double kLeastExpected = 1e-6;

// True if all numbers are finite and within the ranges above. Whatever a file holds, a valid model
// can be served.
bool ValidateModel(const BundleModel& model);

// The model as bytes: all numbers in a fixed order, little endian.
std::string EncodeModel(const BundleModel& model);
// The model of EncodeModel; nullopt if the bytes are not exactly those of a valid model.
std::optional<BundleModel> DecodeModel(absl::string_view bytes);

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_MODEL_H_
