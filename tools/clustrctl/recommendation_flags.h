#ifndef CLUSTR_TOOLS_CLUSTRCTL_RECOMMENDATION_FLAGS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_RECOMMENDATION_FLAGS_H_

#include <ostream>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "google/protobuf/repeated_field.h"
#include "tools/clustrctl/flags.h"

// What the commands that recommend share: flags bound to the fields of their requests, and why
// there are fewer results than asked for.
namespace clustr::ctl {

// Every field of a request for bundles.
void DefineRequestFlags(FlagSet* flags, bundles::v1::RecommendBundlesRequest* request);

// Every field of a request for products but its basket.
void DefineRequestFlags(FlagSet* flags, bundles::v1::RecommendProductsRequest* request);

// One line a bound; nothing without any.
void PrintShortfalls(const google::protobuf::RepeatedPtrField<bundles::v1::Shortfall>& shortfalls,
                     std::ostream& out);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_RECOMMENDATION_FLAGS_H_
