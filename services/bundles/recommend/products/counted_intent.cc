#include "services/bundles/recommend/products/counted_intent.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

namespace clustr::bundles {
namespace {

constexpr int32_t kRecentDays = 28;
constexpr int32_t kWithinDays = 30;

bool IsAboutOneProduct(v1::ProductIntent intent) {
  return intent == v1::PRODUCT_INTENT_SIMILAR || intent == v1::PRODUCT_INTENT_AFTER;
}

void CheckDays(const std::string& field, int32_t days, v1::ProductIntent given,
               v1::ProductIntent taker, std::vector<Violation>* violations) {
  if (days == 0 || given == taker) return;
  violations->push_back({field, absl::StrCat(days, " is for intent ", v1::ProductIntent_Name(taker),
                                             " only; set that intent, or leave it 0")});
}

}  // namespace

bool IsCounted(v1::ProductIntent intent) {
  return intent == v1::PRODUCT_INTENT_TRENDING || IsAboutOneProduct(intent);
}

void CheckCounted(const v1::RecommendProductsRequest& request, const std::string& path,
                  std::vector<Violation>* violations) {
  const v1::ProductIntent intent = request.intent();
  const int products = request.basket_skus_size() + request.basket_external_ids_size();
  if (IsAboutOneProduct(intent) && products != 1) {
    violations->push_back(
        {path + "basket_skus",
         absl::StrCat(products, " entries, but intent ", v1::ProductIntent_Name(intent),
                      " is about one product; give one in basket_skus or basket_external_ids")});
  }
  CheckDays(path + "recent_days", request.recent_days(), intent, v1::PRODUCT_INTENT_TRENDING,
            violations);
  CheckDays(path + "within_days", request.within_days(), intent, v1::PRODUCT_INTENT_AFTER,
            violations);
}

absl::StatusOr<std::unique_ptr<const CountedIntent>> CountIntent(
    const PopulationView& population, const v1::RecommendProductsRequest& request, int32_t today,
    index::CoCounts* co_counts) {
  if (request.intent() == v1::PRODUCT_INTENT_TRENDING) {
    const int32_t days = request.recent_days() == 0 ? kRecentDays : request.recent_days();
    return CountTrending(population, days, today);
  }
  if (request.basket_skus().empty()) {
    return NotFoundError(
        "PRODUCT", {},
        {"external_id",
         {request.basket_external_ids().begin(), request.basket_external_ids().end()}});
  }
  const int64_t sku = request.basket_skus(0);
  const std::optional<mining::Item> item = population.shop().item_of(sku);
  if (!item) return NotFoundError("PRODUCT", absl::StrCat(sku));
  if (request.intent() == v1::PRODUCT_INTENT_SIMILAR) {
    return CountSimilar(population, *item, co_counts);
  }
  return CountAfter(population, *item,
                    request.within_days() == 0 ? kWithinDays : request.within_days());
}

}  // namespace clustr::bundles
