#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_PRODUCTS_RECOMMEND_PRODUCTS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_PRODUCTS_RECOMMEND_PRODUCTS_H_

#include "absl/status/statusor.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "tools/clustrctl/command.h"

// The parts of commands that recommend products.
namespace clustr::ctl {

// Sets in `products` what the flags for bundles have set in `bundles`, where both kinds of requests
// have such a field. INVALID_ARGUMENT for a field that only bundles have.
absl::Status CopyCommonFields(const bundles::v1::RecommendBundlesRequest& bundles,
                              bundles::v1::RecommendProductsRequest* products);

// Asks for products and prints them.
absl::StatusOr<ExitCode> PrintProducts(const bundles::v1::RecommendProductsRequest& request,
                                       const Context& context);

// Asks for products for many customers, or for many products, and prints each result as it comes:
// as a line of JSON, as CSV with a row per recommendation, or as a line of text. If the call ends
// early, tells the --after-id to go on with.
absl::StatusOr<ExitCode> PrintForMany(bundles::v1::RecommendForManyRequest request,
                                      const Context& context);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_PRODUCTS_RECOMMEND_PRODUCTS_H_
