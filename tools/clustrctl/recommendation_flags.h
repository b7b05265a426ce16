#ifndef CLUSTR_TOOLS_CLUSTRCTL_RECOMMENDATION_FLAGS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_RECOMMENDATION_FLAGS_H_

#include <ostream>

#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "google/protobuf/repeated_field.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flags.h"

// Shared by the commands that recommend: flags bound to the fields of the requests, and the report
// on an answer that is shorter than asked for.
namespace clustr::ctl {

// Flags for every field of a request for bundles.
void DefineRequestFlags(FlagSet* flags, bundles::v1::RecommendBundlesRequest* request);

// Flags for every field of a request for products except the basket.
void DefineRequestFlags(FlagSet* flags, bundles::v1::RecommendProductsRequest* request);

// Flags for the intent of a request for products. DefineRequestFlags defines them too.
void DefineIntentFlags(FlagSet* flags, bundles::v1::RecommendProductsRequest* request);

// Prints what the request called by an external_id that catalog does not have.
template <class Response>
void PrintUnknown(const Response& response, std::ostream& out) {
  if (response.unknown_external_ids_size() > 0) {
    out << "unknown products, which had no effect: "
        << absl::StrJoin(response.unknown_external_ids(), ", ") << '\n';
  }
  if (!response.unknown_customer_external_id().empty()) {
    out << "unknown customer, who had no effect: " << response.unknown_customer_external_id()
        << '\n';
  }
}

// Tells of each bound that kept results out, with its flag; nothing if none did.
void PrintShortfalls(const google::protobuf::RepeatedPtrField<bundles::v1::Shortfall>& shortfalls,
                     const Context& context);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_RECOMMENDATION_FLAGS_H_
