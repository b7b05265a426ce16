#include "tools/clustrctl/recommendation_flags.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

// Flags for the fields that both kinds of requests have outside their constraints.
template <class Request>
void DefineCommonFlags(FlagSet* flags, const std::string& customer, const std::string& limit,
                       Request* request) {
  flags->Field("customer", request, "customer_id", customer);
  flags->Field("limit", request, "limit", limit);
  flags->Field("model", request, "model_id", "scoring model; default: the active one");
  flags->Field("traffic-key", request, "traffic_key",
               "decides which model answers while the traffic is divided; default: the customer");
  DefinePopulationFlags(flags, request->mutable_population());
  DefineRevisionFlags(flags, request);
}

// Flags for the bounds on single products, which both kinds of constraints have.
void DefineProductBoundFlags(FlagSet* flags, google::protobuf::Message* constraints) {
  flags->Share("min-margin-ratio", constraints, "min_margin_ratio",
               "minimum margin / price, for example 0.3 or 30%");
  flags->Field("in-stock-only", constraints, "in_stock_only",
               "only products in stock; default true");
  flags->Field("category", constraints, "categories", "only products of this category");
  flags->Field("brand", constraints, "brands", "only products of this brand");
  flags->Field("exclude", constraints, "excluded_skus", "never recommends this product");
  flags->Field("exclude-purchased-days", constraints, "exclude_purchased_days",
               "never recommends what the customer bought within this many days; default 0, off");
}

// Sets the intent, and returns what is wrong with the value.
std::string SetIntent(std::string_view value, bundles::v1::RecommendProductsRequest* request) {
  std::string name =
      absl::StrCat("PRODUCT_INTENT_", absl::AsciiStrToUpper({value.data(), value.size()}));
  std::replace(name.begin(), name.end(), '-', '_');
  bundles::v1::ProductIntent intent;
  if (!bundles::v1::ProductIntent_Parse(name, &intent)) {
    return absl::StrCat(
        Quoted({value.data(), value.size()}),
        " is no intent; give basket, next-basket, buy-again, discover, trending, similar or "
        "after");
  }
  request->set_intent(intent);
  return "";
}

}  // namespace

void DefineRequestFlags(FlagSet* flags, bundles::v1::RecommendBundlesRequest* request) {
  flags->Field("anchor", request, "anchor_skus", "every bundle contains this product");
  auto* bounds = request->mutable_constraints();
  flags->Field("min-items", bounds, "min_items",
               "minimum number of products in a bundle, 2 to 5; default 2");
  flags->Field("max-items", bounds, "max_items",
               "maximum number of products in a bundle, 2 to 5; default 4");
  flags->Share("min-support", bounds, "min_support",
               "minimum support, 0 to 1 or with %; default 0.1%");
  flags->Share("min-confidence", bounds, "min_confidence",
               "minimum all-confidence, 0 to 1 or with %; default 10%");
  flags->Field("min-count", bounds, "min_count",
               "minimum number of baskets with the whole bundle; default 2");
  flags->Field("min-total-price", bounds, "min_total_price", "minimum sum of the prices");
  flags->Field("max-total-price", bounds, "max_total_price", "maximum sum of the prices");
  flags->Field("cross-category-only", bounds, "cross_category_only",
               "no two products of the same category; default false");
  flags->Share(
      "max-overlap", bounds, "max_overlap",
      "maximum share of its products in common with a better bundle, 0 to 1 or with %; "
      "default: no bound, but up to a limit of 20, near-duplicates come last; 100% to allow them");
  DefineProductBoundFlags(flags, bounds);
  DefineCommonFlags(flags, "customer whose attributes apply where no population flag is given",
                    "number of bundles, at most 500; default 20", request);
}

void DefineRequestFlags(FlagSet* flags, bundles::v1::RecommendProductsRequest* request) {
  auto* bounds = request->mutable_constraints();
  flags->Field("min-price", bounds, "min_price", "minimum price");
  flags->Field("max-price", bounds, "max_price", "maximum price");
  DefineProductBoundFlags(flags, bounds);
  DefineIntentFlags(flags, request);
  DefineCommonFlags(flags, "customer whose purchases count, besides a basket or without one",
                    "number of products, at most 500; default 10", request);
}

void DefineIntentFlags(FlagSet* flags, bundles::v1::RecommendProductsRequest* request) {
  flags->Add("intent", "WHAT",
             "what they are recommended for: basket, next-basket, buy-again, discover, trending, "
             "similar or after; default: basket if there is one, otherwise next-basket",
             [request](std::string_view value) { return SetIntent(value, request); });
  flags->Field("recent-days", request, "recent_days",
               "with --intent=trending: number of days that are recent; default 28");
  flags->Field("within-days", request, "within_days",
               "with --intent=after: within so many days after the product; default 30");
}

void PrintShortfalls(const google::protobuf::RepeatedPtrField<bundles::v1::Shortfall>& shortfalls,
                     const Context& context) {
  for (const bundles::v1::Shortfall& shortfall : shortfalls) {
    if (shortfall.more_count() == 0) continue;
    // With a colon behind it, the name of a field is taken for one in any case.
    const bool is_intent = shortfall.field() == "intent";  // Its flag sets no field by its name.
    context.err << (is_intent
                        ? "without --intent: "
                        : context.WithFlagNames(absl::StrCat("without ", shortfall.field(), ": ")))
                << WithSeparators(shortfall.more_count()) << " more\n";
  }
}

}  // namespace clustr::ctl
