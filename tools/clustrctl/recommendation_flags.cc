#include "tools/clustrctl/recommendation_flags.h"

#include <string>

#include "tools/clustrctl/question_flags.h"

namespace clustr::ctl {
namespace {

// Fields of a request beside its constraints, of both kinds.
template <class Request>
void DefineCommonFlags(FlagSet* flags, const std::string& customer, const std::string& limit,
                       Request* request) {
  flags->Field("customer", request, "customer_id", customer);
  flags->Field("limit", request, "limit", limit);
  flags->Field("model", request, "model_id", "default the active one");
  DefinePopulationFlags(flags, request->mutable_population());
  DefineRevisionFlags(flags, request);
}

// Bounds on each single product, of both kinds of constraints.
void DefineProductBoundFlags(FlagSet* flags, google::protobuf::Message* constraints) {
  flags->Field("min-margin-ratio", constraints, "min_margin_ratio", "least margin / price");
  flags->Field("in-stock-only", constraints, "in_stock_only", "default true");
  flags->Field("category", constraints, "categories", "products of this category only");
  flags->Field("brand", constraints, "brands", "products of this brand only");
  flags->Field("exclude", constraints, "excluded_skus", "never this product");
}

}  // namespace

void DefineRequestFlags(FlagSet* flags, bundles::v1::RecommendBundlesRequest* request) {
  flags->Field("anchor", request, "anchor_skus", "every bundle has this product");
  auto* bounds = request->mutable_constraints();
  flags->Field("min-items", bounds, "min_items", "products of a bundle, 2 to 5; default 2");
  flags->Field("max-items", bounds, "max_items", "2 to 5; default 4");
  flags->Field("min-support", bounds, "min_support", "0 to 1; default 0.001");
  flags->Field("min-confidence", bounds, "min_confidence", "0 to 1; default 0.1");
  flags->Field("min-count", bounds, "min_count", "baskets with the whole bundle; default 2");
  flags->Field("min-total-price", bounds, "min_total_price", "least sum of the prices");
  flags->Field("max-total-price", bounds, "max_total_price", "greatest sum of the prices");
  flags->Field("cross-category-only", bounds, "cross_category_only",
               "no two products of one category; default false");
  flags->Field("max-overlap", bounds, "max_overlap",
               "share of a bundle that an earlier one may have too, 0 to 1; default no bound");
  DefineProductBoundFlags(flags, bounds);
  DefineCommonFlags(flags, "whose attributes fill the population", "default 20, at most 500",
                    request);
}

void DefineRequestFlags(FlagSet* flags, bundles::v1::RecommendProductsRequest* request) {
  auto* bounds = request->mutable_constraints();
  flags->Field("min-price", bounds, "min_price", "least price");
  flags->Field("max-price", bounds, "max_price", "greatest price");
  DefineProductBoundFlags(flags, bounds);
  DefineCommonFlags(flags, "whose history stands in for an empty basket", "default 10, at most 500",
                    request);
}

void PrintShortfalls(const google::protobuf::RepeatedPtrField<bundles::v1::Shortfall>& shortfalls,
                     std::ostream& out) {
  for (const bundles::v1::Shortfall& shortfall : shortfalls) {
    out << "without " << shortfall.field() << ": " << shortfall.more_count() << " more\n";
  }
}

}  // namespace clustr::ctl
