#include "services/bundles/request/from_request.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/schema/date.h"

namespace clustr::bundles {
namespace {

constexpr size_t kMaxLimit = 500;

std::vector<std::string> Texts(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::optional<int32_t> Day(const std::string& date) {
  if (date.empty()) return std::nullopt;
  return schema::EpochDayOf(date);
}

std::vector<int64_t> Sorted(const google::protobuf::RepeatedField<int64_t>& skus) {
  std::vector<int64_t> sorted(skus.begin(), skus.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

template <class T>
std::optional<T> If(bool set, T value) {
  return set ? std::optional<T>(value) : std::nullopt;
}

}  // namespace

index::Population PopulationOf(const v1::Population& p) {
  return {.genders = Texts(p.genders()),
          .min_age = If(p.has_min_age(), p.min_age()),
          .max_age = If(p.has_max_age(), p.max_age()),
          .income_levels = Texts(p.income_levels()),
          .customer_segments = Texts(p.customer_segments()),
          .shopping_preferences = Texts(p.shopping_preferences()),
          .cities = Texts(p.cities()),
          .channels = Texts(p.channels()),
          .payment_types = Texts(p.payment_types()),
          .start_day = Day(p.start_date()),
          .end_day = Day(p.end_date())};
}

mining::Thresholds NoThresholds() {
  return {.min_support = 0, .min_lift = 0, .min_count = 1, .max_items = mining::kMaxRuleItems};
}

mining::Thresholds ThresholdsOf(const v1::RuleThresholds& t) { return ThresholdsOf(t, {}); }

mining::Thresholds ThresholdsOf(const v1::RuleThresholds& t, const mining::Thresholds& defaults) {
  mining::Thresholds result = defaults;
  if (t.has_min_support()) result.min_support = t.min_support();
  if (t.has_min_confidence()) result.min_confidence = t.min_confidence();
  if (t.has_min_lift()) result.min_lift = t.min_lift();
  if (t.has_min_count()) result.min_count = t.min_count();
  if (t.has_max_p_value()) result.max_p_value = t.max_p_value();
  if (t.has_max_items()) result.max_items = t.max_items();
  if (t.has_max_consequents()) result.max_consequents = t.max_consequents();
  return result;
}

rules::SkuRuleQuery SkuRuleQueryOf(const v1::ListAssociationRulesRequest& request) {
  return {PopulationOf(request.population()),    ThresholdsOf(request.thresholds()),
          Sorted(request.antecedent_skus()),     Sorted(request.consequent_skus()),
          request.thresholds().only_improving(), !request.thresholds().has_min_support()};
}

size_t LimitOf(int32_t limit, size_t default_limit) {
  return limit == 0 ? default_limit : std::min(static_cast<size_t>(limit), kMaxLimit);
}

void CheckThresholds(const v1::RuleThresholds& t, std::vector<Violation>* violations) {
  CheckShare("thresholds.min_support", If(t.has_min_support(), t.min_support()), violations);
  CheckShare("thresholds.min_confidence", If(t.has_min_confidence(), t.min_confidence()),
             violations);
  CheckShare("thresholds.max_p_value", If(t.has_max_p_value(), t.max_p_value()), violations);
  // Tests for what is allowed, not for what is refused: every comparison with a NaN is false.
  if (t.has_min_lift() && !(t.min_lift() >= 0)) {
    violations->push_back({"thresholds.min_lift", absl::StrCat(t.min_lift(),
                                                               " is not 0 or above; give 0 or "
                                                               "more")});
  }
}

void CheckShare(absl::string_view field, std::optional<double> value,
                std::vector<Violation>* violations) {
  if (!value || (*value >= 0 && *value <= 1)) return;
  violations->push_back(
      {std::string(field), absl::StrCat(*value, " is not between 0 and 1; give 0 to 1")});
}

void CheckFinite(absl::string_view field, std::optional<double> value,
                 std::vector<Violation>* violations) {
  if (!value || std::isfinite(*value)) return;
  violations->push_back(
      {std::string(field), absl::StrCat(*value, " is not a finite number; give a finite number")});
}

void CheckDisjoint(absl::string_view left_name,
                   const google::protobuf::RepeatedField<int64_t>& left,
                   absl::string_view right_name,
                   const google::protobuf::RepeatedField<int64_t>& right,
                   std::vector<Violation>* violations) {
  for (int i = 0; i < right.size(); ++i) {
    if (std::find(left.begin(), left.end(), right.Get(i)) == left.end()) continue;
    violations->push_back({absl::StrCat(right_name, "[", i, "]"),
                           absl::StrCat(right.Get(i), " is also in ", left_name,
                                        "; name each product on one side only")});
  }
}

}  // namespace clustr::bundles
