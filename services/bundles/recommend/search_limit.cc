#include "services/bundles/recommend/search_limit.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"

namespace clustr::bundles {
namespace {

using Constraints = v1::BundleConstraints;

std::string NameOf(int field_number) {
  return absl::StrCat("constraints.",
                      Constraints::descriptor()->FindFieldByNumber(field_number)->name());
}

// The number of a bound that keeps most bundles out; 0 if none is set.
int ScarceBound(const scoring::BundleQuery& query) {
  if (query.min_total_price_cents) return Constraints::kMinTotalPriceFieldNumber;
  if (query.max_total_price_cents) return Constraints::kMaxTotalPriceFieldNumber;
  if (query.min_margin_ratio) return Constraints::kMinMarginRatioFieldNumber;
  if (query.max_overlap && !query.overlap_is_preference) return Constraints::kMaxOverlapFieldNumber;
  if (query.cross_category_only) return Constraints::kCrossCategoryOnlyFieldNumber;
  if (query.min_items > 2) return Constraints::kMinItemsFieldNumber;
  return 0;
}

}  // namespace

absl::Status SearchLimitError(const scoring::BundleQuery& query) {
  const std::string support = NameOf(Constraints::kMinSupportFieldNumber);
  const int scarce = ScarceBound(query);
  const std::string field = scarce == 0 ? support : NameOf(scarce);
  return MakeError(
      common::v1::ERROR_REASON_RESULT_LIMIT,
      absl::StrCat("the search for these bundles takes more steps than the server takes for one "
                   "call, ",
                   query.max_steps, "; ",
                   scarce == 0 ? "" : absl::StrCat("loosen ", field, ", or "), "raise ", support,
                   " (now ", query.min_support, ") or ",
                   NameOf(Constraints::kMinConfidenceFieldNumber), " (now ", query.min_confidence,
                   "), or lower ", NameOf(Constraints::kMaxItemsFieldNumber), " (now ",
                   query.max_items, ")"),
      {{"field", field}, {"limit", absl::StrCat(query.max_steps)}});
}

}  // namespace clustr::bundles
